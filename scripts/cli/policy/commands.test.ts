/** `tongchou policy` as a user calls it. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, mock, test } from 'node:test'
import { Command, CommanderError } from 'commander'
import { CommandFault } from '../instance.ts'
import { addPolicyCommands } from './commands.ts'

const ROOT = join(import.meta.dirname, '../../..')
const CITIES = join(ROOT, 'contracts/policies/cities')
const folder = mkdtempSync(join(tmpdir(), 'tongchou-policy-'))
after(() => rmSync(folder, { recursive: true }))

type Done = { readonly status: number; readonly out: string; readonly err: string }

/** In this process: the command line of `scripts/tongchou.ts` with these commands only. */
function run(...args: readonly string[]): Done {
  const said: string[] = []
  const log = mock.method(console, 'log', (text: string) => said.push(text))
  const program = new Command('tongchou')
  addPolicyCommands(program)
  for (const command of program.commands.flatMap(each => [each, ...each.commands])) {
    command.exitOverride().configureOutput({ writeOut: text => said.push(text) })
  }
  const done = (err: string): Done => {
    const status = Number(process.exitCode ?? 0)
    return { status: err === '' ? status : 1, out: said.join('\n'), err }
  }
  try {
    program.parse(['policy', ...args], { from: 'user' })
    return done('')
  } catch (error) {
    if (error instanceof CommanderError) return done('')
    if (error instanceof CommandFault) return done(error.message)
    throw error
  } finally {
    log.mock.restore()
    process.exitCode = 0
  }
}

test('a pack with warnings passes, and with --strict ends with 2', () => {
  const file = join(CITIES, '110100-resident.json')
  const plain = run('check', file)
  assert.equal(plain.status, 0)
  assert.match(plain.out, /figure-against-text/)
  assert.match(plain.out, /字段数字与文字不一致/)
  assert.match(plain.out, /0 refused 拒绝, 3 warning 警告/)
  assert.equal(run('check', file, '--strict').status, 2)
})

test('a wrong pack is refused with its path, its rule and what to do', () => {
  const text = readFileSync(join(CITIES, '110100-employee.json'), 'utf8')
  const file = join(folder, 'wrong.json')
  writeFileSync(file, text.replace('"fundBp": 9000', '"fundBp": 90000'))
  const { status, out } = run('check', file, '--lang', 'en')
  assert.equal(status, 1)
  assert.match(out, /rate-out-of-range/)
  assert.match(out, /write 85 % as 8500/)
  assert.doesNotMatch(out, /[一-龥]/)
})

test('guards are shown for packs and files of cities; rates change in a deficit alone', () => {
  const guard = join(folder, 'guard.json')
  const text = readFileSync(join(ROOT, 'contracts/policies/packs/P20.json'), 'utf8')
  writeFileSync(guard, text.replace('"bp": 5000', '"bp": 9999'))
  for (const name of ['110100-resident.json', 'source/110100.json']) {
    const { status, out } = run('check', join(CITIES, name), '--guard', guard, '--no-notes')
    assert.equal(status, 1)
    assert.match(out, /guard-broken/)
    assert.match(out, /P20\.fundRate: \d+ < 9999/)
  }
  const old = join(ROOT, 'contracts/policies/packs/P06-employee.json')
  const next = join(folder, 'next.json')
  const changed = readFileSync(old, 'utf8').replace('"baseBp": 900', '"baseBp": 1000')
  writeFileSync(next, changed.replace(/"effectiveFrom": [^,]*/, '"effectiveFrom": "2030-01-01"'))
  const p15 = join(ROOT, 'contracts/policies/packs/P15.json')
  const check = (result: string) =>
    run('check', next, '--guard', p15, '--replaces', old, '--pool-result', result)
  assert.match(check('0').out, /rate-change-in-surplus/)
  assert.equal(check('-1').status, 0)
  assert.match(check('half').err, /--pool-result is a whole number/)
})

test('several files end with one line each, and one that is refused decides', () => {
  const file = join(folder, 'no.json')
  writeFileSync(file, '{')
  const { status, out } = run('check', join(CITIES, 'source/420200.json'), file, '--no-notes')
  assert.equal(status, 1)
  assert.match(out, /level-missing/)
  assert.match(out, /not-json/)
  assert.doesNotMatch(out, /zero-rate/)
})

test('files of cities are laid beside one another', () => {
  const made = ['999901', '999902'].map(code => {
    const text = readFileSync(join(CITIES, 'source/420200.json'), 'utf8')
    const file = join(folder, `${code}.json`)
    writeFileSync(file, text.replace('"cityCode": "420200"', `"cityCode": "${code}"`))
    return file
  })
  const { out } = run('check', ...made, '--json')
  assert.match(out, /987654\.html = 420200, 999901/)
  assert.match(out, /987654\.html = 420200, 999902/)
})

test('findings can be had as JSON', () => {
  const { status, out } = run('check', join(CITIES, 'source/110100.json'), '--json')
  assert.equal(status, 0)
  const [checked]: unknown[] = JSON.parse(out)
  assert.ok(typeof checked === 'object' && checked !== null && 'findings' in checked)
})

test('a file that is not there, and a language that is none, are told in one line', () => {
  const gone = run('check', join(folder, 'gone.json'))
  assert.equal(gone.status, 1)
  assert.match(gone.err, /gone\.json is not there/)
  assert.match(run('check', folder, '--lang', 'fr').err, /--lang is one of both, en, zh/)
})

test('the packs of the cities are those that would be made', () => {
  const { status, out } = run('cities', '--check')
  assert.equal(status, 0)
  assert.match(out, /44 of 44 packs/)
})

test('a pack is held to the guards of another, and a table can be no parent', () => {
  const table = join(ROOT, 'test/fixtures/demo/policies/110100-employee.json')
  const guard = join(ROOT, 'contracts/policies/packs/P10.json')
  const low = join(folder, 'low.json')
  writeFileSync(low, readFileSync(table, 'utf8').replace('"capFen": 50000000', '"capFen": 5000'))
  const held = run('check', low, '--guard', guard)
  assert.match(held.out, /guard-broken/)
  assert.match(run('check', low, '--parent', table).err, /only a pack in the policy language/)
})

test('help names the exit codes, in both languages', () => {
  const { out } = run('check', '--help')
  assert.match(out, /Exit code 退出码/)
  assert.match(out, /--strict/)
})
