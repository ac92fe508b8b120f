import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { packNamed } from '../policy/testing/vectors/packs.ts'
import { beijingPack, demoPacks } from '../testing/demo.ts'
import {
  AGENCY,
  CENTRE,
  createTestClaims,
  OTHER_AGENCY,
  SERVICE,
  type TestClaims,
} from '../testing/service.ts'

const pack = () => JSON.parse(beijingPack().pack)

async function publish(service: TestClaims, body: object, as = AGENCY) {
  return service.call('POST', '/v1/policies', { body, as })
}

async function listed(service: TestClaims, query: string) {
  const reply = await service.call('GET', `/v1/policies${query}`, { as: SERVICE })
  assert.equal(reply.status, 200, reply.text)
  return JSON.parse(reply.text)
}

describe('POST /v1/policies', () => {
  test('publishes a pack that is then listed and read as it is', async () => {
    const service = await createTestClaims()
    const reply = await publish(service, pack())
    assert.equal(reply.status, 200, reply.text)
    const { packHash, pack: text } = beijingPack()
    assert.equal(reply.get('packHash'), packHash)
    const { packs } = await listed(service, '')
    assert.deepEqual([{ ...packs[0], warnings: [] }], [reply.json])
    const read = await service.call('GET', `/v1/policies/${packHash}`)
    assert.equal(read.text, text)
    assert.match(service.lines.join(''), /"event":"pack.published"/)
    await service.close()
  })

  test('the same pack again is nothing new, and gets the same answer', async () => {
    const service = await createTestClaims()
    const first = await publish(service, pack())
    const again = await publish(service, pack())
    assert.deepEqual(again.json, first.json)
    assert.equal((await service.events()).length, 1)
    await service.close()
  })

  test('refuses what is wrong, storing nothing', async () => {
    const service = await createTestClaims()
    const wrong = await publish(service, { ...pack(), effectiveTo: '2024-01-01' })
    assert.deepEqual([wrong.status, wrong.kind], [400, 'pack-malformed'])
    assert.equal(wrong.get('field'), 'effectiveTo')
    assert.equal(wrong.get('rule'), 'ends-before-it-begins')
    const empty = await publish(service, {})
    assert.equal(empty.kind, 'pack-malformed')
    const list = await publish(service, [])
    assert.deepEqual([list.status, list.kind], [400, 'malformed'])
    assert.deepEqual(await service.events(), [])
    await service.close()
  })

  test('refuses another region than that of the token, and roles without one', async () => {
    const service = await createTestClaims()
    const other = await publish(service, pack(), OTHER_AGENCY)
    assert.deepEqual([other.status, other.kind], [403, 'other-region'])
    const hospital = await publish(service, pack(), { role: 'hospital' })
    assert.deepEqual([hospital.status, hospital.kind], [403, 'not-allowed'])
    const centre = await publish(service, pack(), CENTRE)
    assert.equal(centre.status, 200)
    await service.close()
  })

  test('refuses a pack that is known for other days', async () => {
    const service = await createTestClaims()
    await publish(service, pack())
    const reply = await publish(service, { pack: pack(), effectiveTo: '2025-12-31' })
    assert.deepEqual([reply.status, reply.kind], [409, 'pack-known'])
    assert.equal(reply.get('effectiveFrom'), '2025-01-01')
    await service.close()
  })
})

describe('a pack that others hold', () => {
  const floors = { pack: packNamed('P20'), regionCode: '110000', effectiveFrom: '2024-01-01' }
  const resident = demoPacks().find(
    ({ regionCode, scheme }) => regionCode === '110100' && scheme === 'resident',
  )
  const low = JSON.parse(resident?.pack ?? '{}')
  low.inpatient.fundBp.adult.tier3 = 4_999

  test('is refused by region and rule, with what to do in both languages', async () => {
    const service = await createTestClaims()
    const guard = await publish(service, floors, CENTRE)
    assert.deepEqual([guard.status, guard.get('warnings')], [200, []])
    const reply = await publish(service, low)
    assert.deepEqual([reply.status, reply.kind], [422, 'demands-broken'])
    assert.deepEqual(
      [reply.get('field'), reply.get('rule')],
      ['inpatient.fundBp.adult.tier3', 'guard-broken'],
    )
    const { faults } = JSON.parse(reply.text)
    assert.equal(faults[0].found, 'P20.fundRate: 4999 < 5000')
    assert.match(faults[0].todo.zh, /修改/)
    assert.equal((await service.events()).length, 1)
    const draft = await service.call('POST', '/v1/what-ifs', {
      body: { pack: low, from: '2025-01-01', to: '2025-01-31' },
      as: AGENCY,
    })
    assert.equal(draft.status, 202, draft.text)
    assert.deepEqual(JSON.parse(draft.text).warnings, faults)
    await service.close()
  })

  test('is held to a line before it in the same import, and to none after it', async () => {
    const imported = async (...lines: readonly object[]) => {
      const service = await createTestClaims()
      const answers = await importPacks(
        service,
        lines.map(line => JSON.stringify(line)),
      )
      const known = await publish(service, low)
      await service.close()
      return [...answers.map(({ ok }) => ok), known.status]
    }
    assert.deepEqual(await imported(floors, low), [true, false, 422])
    assert.deepEqual(await imported(low, floors), [true, true, 200])
  })

  test('is published with a warning where it is asked in principle only', async () => {
    const service = await createTestClaims()
    await publish(service, { pack: packNamed('P10'), regionCode: '110000' }, CENTRE)
    low.inpatient.capFen = 100
    const reply = await publish(service, low)
    assert.equal(reply.status, 200, reply.text)
    const [first] = JSON.parse(reply.text).warnings
    assert.deepEqual([first.rule, first.path], ['guard-broken', 'inpatient.fundBp.adult.tier3'])
    const { packs } = await listed(service, '?region=110000&on=2025-01-01')
    assert.deepEqual([packs[0].scheme, packs[0].regionCode], [null, '110000'])
    await service.close()
  })

  test('waits until the packs that are stored were read', async () => {
    const service = await createTestClaims()
    service.log.broadcastTo = 0n
    await publish(service, floors, CENTRE)
    const reply = await publish(service, low)
    assert.deepEqual([reply.status, reply.kind], [503, 'unavailable'])
    await service.close()
  })
})

/** The answers, line by line. */
async function importPacks(service: TestClaims, lines: readonly string[]) {
  const token = await service.issuer.issueToken({
    role: 'centre',
    subject: 'c-1',
    ttlSeconds: 60,
  })
  const reply = await service.app.inject({
    method: 'POST',
    url: '/v1/policies:import',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    payload: lines.join('\n'),
  })
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.body
    .trim()
    .split('\n')
    .map(text => JSON.parse(text))
}

describe('POST /v1/policies:import', () => {
  test('takes good lines, refuses bad ones each with its reason, and takes all again', async () => {
    const service = await createTestClaims()
    const lines = [...demoPacks().map(({ pack }) => pack), '{"region":1}', 'no json']
    const answers = await importPacks(service, lines)
    assert.deepEqual(
      answers.map(({ line, ok }) => [line, ok]),
      lines.map((_, index) => [index + 1, index < 20]),
    )
    assert.match(answers[20].problem.type, /pack-malformed$/)
    assert.match(answers[21].problem.type, /malformed$/)
    assert.deepEqual(await importPacks(service, lines), answers)
    assert.equal((await service.events()).length, 20)
    await service.close()
  })
})

describe('GET /v1/policies', () => {
  test('filters by region, scheme and day, a page at a time', async () => {
    const service = await createTestClaims()
    for (const { pack } of demoPacks()) await publish(service, JSON.parse(pack), CENTRE)
    const later = { ...pack(), effectiveFrom: '2026-01-01' }
    await publish(service, later)
    const all = await listed(service, '?region=110100&scheme=employee')
    assert.equal(all.packs.length, 2)
    const now = await listed(service, '?region=110100&scheme=employee&on=2025-12-31')
    assert.deepEqual(
      now.packs.map(({ packHash }: { packHash: string }) => packHash),
      [beijingPack().packHash],
    )
    const then = await listed(service, '?region=110100&scheme=employee&on=2026-01-01')
    assert.equal(then.packs[0].effectiveFrom, '2026-01-01')
    const first = await listed(service, '?limit=15')
    const second = await listed(service, `?limit=15&after=${first.next}`)
    assert.deepEqual([first.packs.length, second.packs.length, second.next], [15, 6, null])
    await service.close()
  })

  test('an unknown hash is not found, a wrong one and a wrong day are named', async () => {
    const service = await createTestClaims()
    const unknown = await service.call('GET', `/v1/policies/${'0'.repeat(64)}`)
    assert.deepEqual([unknown.status, unknown.kind], [404, 'unknown-pack'])
    const wrong = await service.call('GET', '/v1/policies/xyz')
    assert.deepEqual([wrong.status, wrong.get('field')], [400, 'path.hash'])
    const day = await service.call('GET', '/v1/policies?on=2025-02-30')
    assert.deepEqual([day.status, day.get('field')], [400, 'query.on'])
    await service.close()
  })
})
