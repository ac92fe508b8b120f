import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePorts } from '../process/ports.ts'
import { waitingDoor } from './waiting-door.ts'

test('a waiting door is alive, not ready, says why, and gives its port free', async () => {
  const [port = 0] = await freePorts(1)
  const door = waitingDoor('127.0.0.1', [port])
  const url = `http://127.0.0.1:${port}`
  await assert.rejects(fetch(url))
  door.say('kafka', 'TONGCHOU_KAFKA x:1: nobody answers')
  door.say('kafka', 'TONGCHOU_KAFKA x:1: still nobody')
  const ready = await fetch(`${url}/health/ready`)
  assert.equal(ready.status, 503)
  assert.deepEqual(await ready.json(), {
    ready: false,
    parts: [{ name: 'kafka', ready: false, detail: 'TONGCHOU_KAFKA x:1: still nobody' }],
  })
  assert.equal((await fetch(`${url}/health/live`)).status, 200)
  assert.equal((await fetch(`${url}/v1/claims`, { method: 'POST' })).status, 503)
  await door.close()
  await assert.rejects(fetch(url))
})
