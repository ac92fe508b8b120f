/**
 * `tongchou audit verify`: a history that the services made is whole; any damage to it is found and
 * named.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, describe, test } from 'node:test'
import { checkpointFile } from '@tongchou/runtime/audit/checkpoint-file.ts'
import { writeExport } from '../../scripts/audit/export.ts'
import { openDatabaseSource } from '../../scripts/audit/source/database.ts'
import { openSource } from '../../scripts/audit/source/open.ts'
import { verify } from '../../scripts/audit/verify.ts'
import { audited, auditedWith, told } from './audit/damage.ts'
import { forged } from './audit/forge.ts'
import { makeHistory, submit } from './audit/history.ts'
import { repeat } from './system/repeat.ts'
import { startSystem } from './system/system.ts'
import { personNumber, visit } from './system/world.ts'

/** Between the files of an archive, and never looked at. */
const PADDING = 0
const system = await startSystem({ after })
await makeHistory(system)
const place = { url: system.databaseUrl, dataDir: system.dataDir }

/** Audits while claims come in, and one when they are all through. */
async function auditsUnderLoad() {
  const load = repeat(4, 40, async n => {
    await submit(system, visit({ personNo: personNumber(7).personNo, claimNo: `LATE-${n}` }))
  })
  const meanwhile = [await audited(place), await audited(place)]
  await load
  await system.stores.quiet()
  return { meanwhile, afterwards: await audited(place) }
}

const { meanwhile, afterwards } = await auditsUnderLoad()

test('what is stored at one moment is whole, whatever comes meanwhile', () => {
  for (const result of [...meanwhile, afterwards]) assert.deepEqual(told(result), [])
  assert.deepEqual(afterwards.pending, { books: 0, credits: 0 })
})

describe('when nothing runs', async () => {
  await system.stop()
  const settled = await system.stores.eventsOf('clearing', 'ClaimSettled')
  const stays = settled.filter(({ data }) => data.pooledFen > 0n)
  const { position, data, stream } = stays[3] ?? assert.fail()
  const { clearing: head } = await system.stores.heads()
  const whole = await audited(place)
  const here = `where pos = ${position}`
  const events = ['clearing.event'] as const

  async function findsAfter(
    tables: readonly string[],
    statements: readonly string[],
    ...wanted: readonly (string | RegExp)[]
  ): Promise<void> {
    const result = await auditedWith(place, tables, ...statements)
    const lines = told(result)
    for (const each of wanted) {
      const found = lines.some(line =>
        typeof each === 'string' ? line.includes(each) : each.test(line),
      )
      assert.ok(found, `${each} is not among\n${lines.join('\n')}`)
    }
    assert.notEqual(lines.length, 0)
  }

  test('all is whole and every check had something to look at', () => {
    assert.deepEqual(told(whole), [])
    const idle = whole.checks.filter(({ checked }) => checked === 0).map(({ check }) => check)
    assert.deepEqual(idle, ['cuts'])
  })

  test('views that another build made are named, and not compared', async () => {
    const statement = `update funds.view_group set fingerprint = 'another'`
    const result = await auditedWith(place, ['funds.view_group'], statement)
    assert.deepEqual(result.skippedViews, ['funds.view.funds.journal.v1'])
    assert.deepEqual(whole.skippedViews, [])
  })

  test('an export tells the same, and has the same digest', async () => {
    const file = path.join(system.dataDir, 'export.tar')
    const opened = await openDatabaseSource(place.url, place.dataDir)
    const { events: count } = await writeExport(opened, {
      path: file,
      at: '2026-01-01T00:00:00.000Z',
    })
    await opened.source.close()
    const address = { kind: 'export', path: file } as const
    const source = await openSource(address)
    for (const threads of [0, 2]) {
      const result = await verify(source, address, { threads })
      assert.deepEqual(told(result), [])
      assert.equal(result.events, count)
      assert.equal(result.digest, whole.digest)
      assert.deepEqual(
        result.checks.filter(({ check }) => check !== 'views'),
        whole.checks.filter(({ check }) => check !== 'views'),
      )
    }
    const bytes = readFileSync(file)
    for (const near of [700, bytes.length / 2, bytes.length - 1500].map(Math.floor)) {
      const at = bytes.subarray(0, near).findLastIndex(byte => byte !== PADDING)
      const byte = bytes[at] ?? 0
      bytes[at] = byte ^ 0x10
      writeFileSync(file, bytes)
      const found = await openSource(address)
        .then(damaged => verify(damaged, address, { threads: 0 }))
        .then(told, (error: Error) => [error.message])
      assert.notDeepEqual(found, [], `byte ${at}`)
      bytes[at] = byte
    }
  })

  const flip = (column: string) =>
    `${column} = set_byte(${column}, 7, (get_byte(${column}, 7) + 1) % 256)`
  const columns = {
    pos: ['pos = pos + 100000', `positions clearing ${position}: position ${position} is missing`],
    at_ms: ['at_ms = at_ms + 1', `chains clearing ${position}`],
    version: ['version = version + 256', `chains clearing ${position}`],
    schema: ['schema = 2', `chains clearing ${position}`, `encoding clearing ${position}`],
    id: [
      `id = overlay(id::text placing translate(substr(id::text, 1, 1),
        '0123456789abcdef', '123456789abcdef0') from 1)::uuid`,
      `chains clearing ${position}`,
      `identity clearing ${position}`,
    ],
    partition: [
      'partition = (partition + 1) % 8',
      `chains clearing ${position}`,
      `identity clearing ${position}`,
    ],
    closes: ['closes = not closes', `chains clearing ${position}`],
    stream: [
      "stream = overlay(stream placing 'z' from length(stream))",
      `chains clearing ${position}: the stream begins with version`,
    ],
    type: [
      "type = overlay(type placing 'X' from 1)",
      `chains clearing ${position}`,
      `encoding clearing ${position}`,
    ],
    hash: [flip('hash'), `chains clearing ${position}`, 'checkpoints clearing'],
    meta: [flip('meta'), `chains clearing ${position}`],
    data: [flip('data'), `chains clearing ${position}`],
  } as const
  for (const [column, [change, ...wanted]] of Object.entries(columns)) {
    test(`a byte of ${column} is found`, () =>
      findsAfter(events, [`update clearing.event set ${change} ${here}`], ...wanted))
  }

  test('a deleted event is found', () =>
    findsAfter(
      events,
      [`delete from clearing.event ${here}`],
      `positions clearing ${position}: position ${position} is missing`,
      `head clearing`,
      'checkpoints clearing',
    ))

  test('a tail that was cut off is found by what the store says of itself', () =>
    findsAfter(
      events,
      [`delete from clearing.event where pos > ${head - 10n}`],
      `head clearing ${head - 9n}: the store says ${head} events, but has ${head - 10n}`,
    ))

  test('a tail that was cut off and hushed up is found by the checkpoints', async () => {
    const statements = [
      `delete from clearing.event where pos > ${head - 10n}`,
      `update clearing.head set pos = ${head - 10n}`,
    ]
    const signed = `${head} events were signed, but the store ends at ${head - 10n}`
    const wanted = `checkpoints clearing ${head - 9n}: ${signed}`
    await findsAfter([...events, 'clearing.head'], statements, wanted)
  })

  test('another number of events is found', () =>
    findsAfter(
      ['clearing.head'],
      ['update clearing.head set pos = pos + 3'],
      `head clearing ${head + 1n}`,
    ))

  test('another incarnation is found', () =>
    findsAfter(
      ['clearing.head'],
      ['update clearing.head set incarnation = gen_random_uuid()'],
      /^checkpoints clearing -: line 1 of the checkpoints is of store/,
    ))

  const swap = (a: bigint, b: bigint) => [
    `update clearing.event set pos = -1 where pos = ${a}`,
    `update clearing.event set pos = ${a} where pos = ${b}`,
    `update clearing.event set pos = ${b} where pos = -1`,
  ]

  test('two events of a stream that changed places are found', async () => {
    const [first] = (await system.stores.events('clearing')).filter(each => each.stream === stream)
    const wanted = `chains clearing ${first?.position}: the stream begins with version`
    await findsAfter(events, swap(first?.position ?? 0n, position), wanted)
  })

  test('two events of different streams that changed places are found by the tree', async () => {
    const other = stays[5]?.position ?? 0n
    const result = await auditedWith(place, events, ...swap(position, other))
    const line = told(result).find(each => each.startsWith('checkpoints clearing')) ?? ''
    const [, from = '', to = ''] =
      /positions (\d+) to (\d+) are not/.exec(line) ?? assert.fail(line)
    assert.ok(BigInt(from) <= position && position <= BigInt(to), line)
  })

  const row = `clearing.claim has pooledFen ${data.pooledFen + 1n} instead of ${data.pooledFen}`
  const ofClaim = `where claim_id = '${data.claimId}'`
  const views = {
    'a changed row of a view': [
      'clearing.claim',
      `update clearing.claim set pooled_fen = pooled_fen + 1 ${ofClaim}`,
      `views clearing -: row ${data.claimId} of ${row}`,
    ],
    'a deleted row of a view': [
      'clearing.claim',
      `delete from clearing.claim ${ofClaim}`,
      `views clearing -: row ${data.claimId} of clearing.claim is missing`,
    ],
    'an added row of a view': [
      'clearing.payment',
      `insert into clearing.payment select 9, region_code, net_fen, notice_no, reference, paid_on
         from clearing.payment where window_no = 1`,
      /row 9 \d+ of clearing.payment is in the table, but follows from no event/,
    ],
    'a changed balance': [
      'funds.balance',
      'update funds.balance set debit_fen = debit_fen + 1 where debit_fen > 0',
      /views funds -: row .* of funds.balance has debitFen/,
    ],
    'a changed row of facts about a person': [
      'clearing.coverage',
      'update clearing.coverage set position = position + 1',
      /views clearing -: row .* of clearing.coverage has position/,
    ],
  } as const
  for (const [what, [table, statement, wanted]] of Object.entries(views)) {
    test(`${what} is found`, () => findsAfter([table], [statement], wanted))
  }

  test('a pack of another content is found, even with all hashes made anew', async () => {
    const [pack] = await system.stores.eventsOf('claims', 'PackPublished')
    const at = { service: 'claims', position: pack?.position ?? 0n, type: 'PackPublished' } as const
    const bytes = [`update claims.event set ${flip('data')} where pos = ${at.position}`]
    await findsAfter(['claims.event'], bytes, `chains claims ${at.position}`)
    const anew = await forged(system, at, old => ({
      ...old,
      pack: old.pack.replace(/"fundBp":\{(.*?):(\d)/, '"fundBp":{$1:1$2'),
    }))
    const wanted = [
      /packs claims \d+: pack \w+ (has the content of|does not load)/,
      'checkpoints claims',
    ]
    await findsAfter(['claims.event'], anew, ...wanted)
  })

  test('a settlement of other shares is found, even with all hashes made anew', async () => {
    const at = { service: 'clearing', position, type: 'ClaimSettled' } as const
    const anew = await forged(system, at, old => ({
      ...old,
      cashFen: old.pooledFen,
      pooledFen: old.cashFen,
    }))
    await findsAfter(
      events,
      anew,
      `settlements clearing ${position}: shares differ`,
      `books clearing ${position}: ClaimSettled contradicts itself`,
      'checkpoints clearing',
    )
  })

  test('an adjudication of other shares is found, even with all hashes made anew', async () => {
    const adjudicated = await system.stores.eventsOf('claims', 'ClaimAdjudicated')
    const { position: where } =
      adjudicated.find(each => each.data.claimId === data.claimId) ?? assert.fail()
    const at = { service: 'claims', position: where, type: 'ClaimAdjudicated' } as const
    const cases = [
      [{ deductibleFen: 1n }, `adjudications claims ${where}: ClaimAdjudicated deductibleFen`],
      [{ balanceBeforeFen: 1n }, `accounts claims ${where}: ClaimAdjudicated balanceFen`],
      [
        { before: { paidInFen: 7n } },
        `accounts claims ${where}: ClaimAdjudicated before.paidInFen`,
      ],
      [{ status: 'retired' }, `facts claims ${where}: facts differ from the claim`],
    ] as const
    for (const [change, wanted] of cases) {
      const anew = await forged(system, at, old => ({ ...old, ...change }) as typeof old)
      await findsAfter(['claims.event'], anew, wanted)
    }
  })

  test('entries of other amounts are found, even with all hashes made anew', async () => {
    const [journal] = await system.stores.eventsOf('funds', 'JournalPosted')
    const at = {
      service: 'funds',
      position: journal?.position ?? 0n,
      type: 'JournalPosted',
    } as const
    const doubled = await forged(system, at, old => ({
      ...old,
      entries: old.entries.map(entry => ({
        ...entry,
        lines: entry.lines.map(line => ({ ...line, amountFen: (line.amountFen * 2n) as never })),
      })),
    }))
    const differs = /books funds \d+: an entry differs from its source at \w+ position \d+/
    await findsAfter(['funds.event'], doubled, `journal funds ${at.position}`, differs)
    const left = await forged(system, at, old => ({ ...old, entries: old.entries.slice(1) }))
    await findsAfter(['funds.event'], left, /books \w+ \d+: moved money that was never booked/)
  })

  test('nets that were changed are found, even with all hashes made anew', async () => {
    const [netted] = await system.stores.eventsOf('clearing', 'WindowNetted')
    const at = {
      service: 'clearing',
      position: netted?.position ?? 0n,
      type: 'WindowNetted',
    } as const
    const anew = await forged(system, at, old => ({
      ...old,
      nets: old.nets.map((net, n) => ({
        ...net,
        netFen: (n === 0 ? net.netFen + 1n : net.netFen) as never,
      })),
    }))
    const wanted = `windows clearing ${at.position}: `
    await findsAfter(
      events,
      anew,
      `${wanted}the nets of window 1 sum to 1`,
      `${wanted}nets of window 1`,
    )
  })

  test('an edited line of the checkpoints is found and numbered', async () => {
    const file = checkpointFile(system.dataDir, 'clearing')
    const text = readFileSync(file, 'utf8')
    const edits = [
      [
        text.replace(/"size":(\d)/, '"size":9$1'),
        /checkpoints clearing -: line 1 of the checkpoints is damaged/,
      ],
      [text.replace(/"at":"20/, '"at":"19'), /line 1 of the checkpoints is not signed by the key/],
      [
        text.replace(/"service":"clearing"/, '"service":"funds"'),
        /line 1 of the checkpoints is of funds/,
      ],
    ] as const
    for (const [edited, wanted] of edits) {
      writeFileSync(file, edited)
      const lines = told(await audited(place))
      assert.ok(
        lines.some(line => wanted.test(line)),
        lines.join('\n'),
      )
    }
    writeFileSync(file, text)
    assert.deepEqual(told(await audited(place)), [])
  })
})
