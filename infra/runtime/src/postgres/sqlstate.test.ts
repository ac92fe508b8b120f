import assert from 'node:assert/strict'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { isGone, isTransient, sqlStateOf } from './sqlstate.ts'

function errorWith(fields: object): Error {
  return Object.assign(new Error('failed'), fields)
}

test('a broken pipe is the connection’s, not a state of the server', () => {
  const broken = errorWith({ code: 'EPIPE', syscall: 'write', errno: -32 })
  assert.equal(sqlStateOf(broken), null)
  assert.ok(isTransient(broken))
  assert.ok(isGone(broken))
})

test('a socket that nobody serves is worth another try', async () => {
  const missing = path.join(os.tmpdir(), 'no such folder', '.s.PGSQL.1')
  const error = await new Promise(resolve => net.connect(missing).on('error', resolve))
  assert.ok(isTransient(error))
})

for (const [state, transient] of Object.entries({
  '57P01': true, // the server is shutting down
  '08006': true, // connection failure
  '40001': true, // serialization failure
  '55P03': true, // lock not available
  '23505': false, // unique violation
  '42P01': false, // undefined table
})) {
  test(`${state} is ${transient ? '' : 'not '}worth another try`, () => {
    assert.equal(isTransient(errorWith({ code: state })), transient)
  })
}
