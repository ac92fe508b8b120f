import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort, freePorts, holdPort, isFree } from './ports.ts'

test('free ports are all different, and each can be taken', async () => {
  const ports = await freePorts(20)
  assert.equal(new Set(ports).size, 20)
  for (const port of ports) assert.ok(await isFree(port, '127.0.0.1'))
})

test('a port is taken while it is held, and free when it is released', async t => {
  const held = await holdPort(0, '127.0.0.1')
  assert.ok(held)
  t.after(held.release)
  assert.ok(!(await isFree(held.port, '127.0.0.1')))
  assert.ok(!(await isFree(held.port)))
  await held.release()
  assert.ok(await isFree(held.port, '127.0.0.1'))
})

test('the preferred port is given where it is free, another where it is not', async t => {
  const held = await holdPort(0, '127.0.0.1')
  assert.ok(held)
  t.after(held.release)
  assert.notEqual(await freePort(held.port), held.port)
  await held.release()
  assert.equal(await freePort(held.port), held.port)
})
