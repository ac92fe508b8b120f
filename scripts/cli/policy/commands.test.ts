/** `tongchou policy` as a user runs it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../..')
const CITIES = join(ROOT, 'contracts/policies/cities')
const folder = mkdtempSync(join(tmpdir(), 'tongchou-policy-'))
after(() => rmSync(folder, { recursive: true }))

function run(...args: readonly string[]) {
  const done = spawnSync(process.execPath, ['scripts/tongchou.ts', 'policy', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return { status: done.status, out: done.stdout, err: done.stderr }
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

test('several files end with one line each, and one that is refused decides', () => {
  const file = join(folder, 'no.json')
  writeFileSync(file, '{')
  const { status, out } = run('check', join(CITIES, 'source/420200.json'), file, '--no-notes')
  assert.equal(status, 1)
  assert.match(out, /level-missing/)
  assert.match(out, /not-json/)
  assert.doesNotMatch(out, /zero-rate/)
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
