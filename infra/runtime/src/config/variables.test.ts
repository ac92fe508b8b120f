import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { standardVariables } from './standard.ts'
import { ConfigFault, describe, readConfig, unknownVariables } from './variables.ts'

const VARIABLES = standardVariables('clearing', 7106)

function faultsOf(env: Record<string, string>): ConfigFault {
  try {
    readConfig(VARIABLES, env)
  } catch (error) {
    assert.ok(error instanceof ConfigFault)
    return error
  }
  assert.fail('no fault')
}

test('settings have defaults, and an empty variable is an unset one', () => {
  const config = readConfig(VARIABLES, { TONGCHOU_CLEARING_PORT: '' })
  assert.equal(config.port, 7106)
  assert.equal(config.databaseUrl, null)
  assert.equal(config.personKey, null)
  assert.equal(config.logLevel, 'info')
})

test('settings are read with their types', () => {
  const config = readConfig(VARIABLES, {
    TONGCHOU_CLEARING_PORT: '0',
    TONGCHOU_DATABASE_URL: 'postgres://u:p@localhost:5432/tongchou',
    TONGCHOU_PERSON_KEY: 'Ab'.repeat(32),
    TONGCHOU_LOG_LEVEL: 'warn',
  })
  assert.equal(config.port, 0)
  assert.equal(config.personKey?.toString('hex'), 'ab'.repeat(32))
  assert.equal(config.logLevel, 'warn')
})

test('settings report all faults at once, each with what to do', () => {
  const { faults, message } = faultsOf({
    TONGCHOU_CLEARING_PORT: '65536',
    TONGCHOU_SHUTDOWN_MS: '1.5',
    TONGCHOU_LOG_LEVEL: 'loud',
    TONGCHOU_PUBLIC_URL: 'tongchou.cn',
  })
  assert.deepEqual(
    faults.map(({ variable }) => variable),
    ['TONGCHOU_CLEARING_PORT', 'TONGCHOU_PUBLIC_URL', 'TONGCHOU_LOG_LEVEL', 'TONGCHOU_SHUTDOWN_MS'],
  )
  assert.match(message, /PORT is out of bounds "65536": set 0 to 65535 \(port\), default 7106/)
  assert.match(message, /LOG_LEVEL is none of these words "loud": set debug \| info \|/)
  assert.match(message, /SHUTDOWN_MS is not an integer "1.5"/)
})

test('settings never show a secret, whatever is wrong with it', () => {
  const secrets = ['mysql://root:hunter2@db/x', 'hunter2'.repeat(9)]
  const fault = faultsOf({
    TONGCHOU_DATABASE_URL: secrets[0] ?? '',
    TONGCHOU_PERSON_KEY: secrets[1] ?? '',
  })
  assert.equal(fault.faults.length, 2)
  const shown = `${fault.message}${fault.stack}${JSON.stringify(fault)}`
  assert.equal(shown.includes('hunter2'), false)
})

test('settings take a key from a file of hex digits or of 32 bytes, and from no other', () => {
  const dir = mkdtempSync(join(tmpdir(), 'key-'))
  try {
    const write = (name: string, bytes: Buffer | string) => {
      writeFileSync(join(dir, name), bytes)
      return { TONGCHOU_PERSON_KEY: join(dir, name) }
    }
    const raw = Buffer.alloc(32, 7)
    for (const env of [write('hex', `${raw.toString('hex')}\n`), write('raw', raw)]) {
      assert.deepEqual(readConfig(VARIABLES, env).personKey, raw)
    }
    assert.equal(faultsOf(write('short', Buffer.alloc(31))).faults.length, 1)
    assert.equal(faultsOf({ TONGCHOU_PERSON_KEY: join(dir, 'absent') }).faults.length, 1)
    assert.equal(faultsOf({ TONGCHOU_PERSON_KEY: 'ab'.repeat(31) }).faults.length, 1)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('settings that nobody knows are found by their prefix', () => {
  const env = { TONGCHOU_CLEARING_PROT: '1', TONGCHOU_HOST: 'x', PATH: '/' }
  assert.deepEqual(unknownVariables(env, VARIABLES), ['TONGCHOU_CLEARING_PROT'])
})

test('settings describe themselves as a table with a row for each', () => {
  const lines = describe(VARIABLES).split('\n')
  assert.equal(lines.length, Object.keys(VARIABLES).length + 2)
  for (const line of lines) assert.equal(line.replaceAll('\\|', '').split('|').length, 7, line)
})
