/**
 * The commands for auditors and operators, as they are called: what they print and how they end.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { claimIdOf } from '@tongchou/contracts/id.ts'
import { submit } from './audit/history.ts'
import { startSystem } from './system/system.ts'
import { enrolMany, HOSPITAL, loadReferences, personNumber, stay } from './system/world.ts'

const system = await startSystem({ after })
const person = personNumber(1)
await loadReferences(system)
await enrolMany(system, [person], 300_000)
await submit(system, stay({ personNo: person.personNo, claimNo: 'CLI-1' }))
await system.stores.quiet()

const PROGRAM = path.join(import.meta.dirname, '../../scripts/tongchou.ts')

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

async function tongchou(...args: readonly string[]): Promise<Ended> {
  const env = {
    ...process.env,
    TONGCHOU_DATA_DIR: system.dataDir,
    TONGCHOU_DATABASE_URL: system.databaseUrl,
    TONGCHOU_CLEARING_URL: system.urlOf('clearing'),
    TONGCHOU_PROVIDERS_URL: system.urlOf('providers'),
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...args], {
      env,
    })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as Ended
  }
}

describe('tongchou audit verify', () => {
  test('ends with 0 and tells checks and digest of what is whole', async () => {
    const { code, stdout, stderr } = await tongchou('audit', 'verify')
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /adjudications │ adjudications are what their packs compute +│ +1 │ ok/)
    assert.match(stdout, /No damage found. Digest of what is there: [0-9a-f]{64}/)
    assert.match(stderr, /[0-9,]+ events in [0-9.]+ s, [0-9,]+\/s/)
  })

  test('ends with 1 and names the damage', async () => {
    const change = (by: number) =>
      system.stores.database.pool.query(`update funds.balance set debit_fen = debit_fen + ${by}`)
    await change(1)
    const { code, stdout } = await tongchou('audit', 'verify', '--threads', '1')
    await change(-1)
    assert.equal(code, 1)
    assert.match(stdout, /views: funds: row \d+\/[a-z.]+ \d+ .* has debitFen/)
    assert.match(stdout, /DAMAGE FOUND/)
  })

  test('reads an export with no database, and trusts the key it is given', async () => {
    const file = path.join(system.dataDir, 'export.tar')
    const written = await tongchou('export', file)
    assert.equal(written.code, 0, written.stderr)
    assert.match(written.stdout, /export.tar: [0-9,]+ events/)
    const again = await tongchou('export', file)
    assert.deepEqual([again.code, again.stderr.includes('is there already')], [1, true])
    const whole = await tongchou('audit', 'verify', '--export', file)
    assert.equal(whole.code, 0, whole.stdout)
    const key = path.join(system.dataDir, 'checkpoint-key.pub')
    const trusted = await tongchou('audit', 'verify', '--export', file, '--key', key, '--json')
    assert.equal(JSON.parse(trusted.stdout).digest, /[0-9a-f]{64}$/m.exec(whole.stdout)?.[0])
    const other = 'tongchou+aabd9ec5+AZu0AhmoV0vOXFmiZ6TxUePxRPaqtGgk4bXMBVnOv9aE'
    const refused = await tongchou('audit', 'verify', '--export', file, '--key', other)
    assert.deepEqual([refused.code, refused.stderr.includes('no public key')], [1, true])
  })

  test('says what to do when there is nothing to read', async () => {
    const missing = await tongchou('audit', 'verify', '--export', 'nowhere.tar')
    assert.deepEqual([missing.code, missing.stderr.includes('is not there')], [1, true])
    const wrong = await tongchou('audit', 'verify', '--export', PROGRAM)
    assert.deepEqual([wrong.code, wrong.stderr.includes('the export is damaged')], [1, true])
    assert.equal(existsSync('nowhere.tar'), false)
  })
})

describe('other commands', () => {
  test('events tail prints the public facts, one JSON a line', async () => {
    const { code, stdout } = await tongchou('events', 'tail')
    const facts = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.equal(code, 0)
    assert.deepEqual(
      facts.map(({ type, subject }) => [type, subject]),
      [['cn.tongchou.clearing.claim-settled.v1', claimIdOf(HOSPITAL, 'CLI-1')]],
    )
  })

  test('events tail prints those of other services, too, and refuses one that has none', async () => {
    const { code, stdout } = await tongchou('events', 'tail', '--service', 'providers')
    assert.equal(code, 0)
    assert.match(stdout, /"type":"cn\.tongchou\.providers\.institution-designated\.v1"/)
    const none = await tongchou('events', 'tail', '--service', 'fraud')
    assert.equal(none.code, 1)
    assert.match(none.stderr, /fraud publishes nothing/)
  })

  test('asyncapi prints the document of the public topics', async () => {
    const { code, stdout } = await tongchou('asyncapi')
    assert.equal(code, 0)
    const { asyncapi, channels } = JSON.parse(stdout)
    assert.equal(asyncapi, '3.1.0')
    assert.equal(channels.journal.address, 'public.funds.journal.v1')
  })

  test('events show hides what tells of the person', async () => {
    const { code, stdout } = await tongchou('events', 'show', 'clearing', '1')
    assert.equal(code, 0)
    assert.match(stdout, /type: ClaimSubmitted/)
    assert.match(stdout, /bornOn: \(not shown\)/)
    for (const secret of [person.bornOn, person.personNo, person.name, 'I10.x00']) {
      assert.ok(!stdout.includes(secret), secret)
    }
    const none = await tongchou('events', 'show', 'clearing', '4711')
    assert.deepEqual([none.code, none.stderr], [1, 'there is no event at 4711\n'])
  })

  test('explain shows the steps of a claim with their documents', async () => {
    const { code, stdout } = await tongchou('explain', `${HOSPITAL}/CLI-1`)
    assert.equal(code, 0)
    assert.match(stdout, /起付线/)
    assert.match(stdout, /Deductible/)
    const patient = await tongchou('explain', `${HOSPITAL}/CLI-1`, '--for', 'patient')
    assert.match(patient.stdout, /逐项明细:/)
    const clerk = ['--for', 'clerk', '--language', 'en']
    const { stdout: steps } = await tongchou('explain', `${HOSPITAL}/CLI-1`, ...clerk)
    assert.match(steps, /1\. Filing branch \[filing\] = .*goes into step/)
  })

  test('parked list and replay tell that nothing is parked', async () => {
    assert.deepEqual(await tongchou('parked', 'list'), {
      ...{ code: 0, stdout: 'Nothing is parked.\n', stderr: '' },
    })
    const { code, stderr } = await tongchou('parked', 'replay', 'claims.adjudicate', 'nobody')
    assert.deepEqual([code, stderr.includes('nothing is parked for nobody')], [1, true])
  })

  test('every command has help with examples', async () => {
    const program = readFileSync(PROGRAM, 'utf8')
    assert.match(program, /addAuditCommands/)
    const commands = [
      ['audit', 'verify'],
      ['export'],
      ['events', 'tail'],
      ['events', 'show'],
      ['explain'],
      ['parked', 'list'],
      ['parked', 'replay'],
      ['import'],
      ['submit'],
      ['demo'],
      ['token'],
    ]
    for (const command of commands) {
      const { code, stdout } = await tongchou(...command, '--help')
      assert.equal(code, 0)
      assert.match(stdout, /Examples?:\n {2}tongchou /, command.join(' '))
    }
  })
})
