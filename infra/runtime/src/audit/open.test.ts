import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { instant } from '@tongchou/contracts/time.ts'
import { openMemoryStore } from '../event-store/memory.ts'
import { newEvents, newStream, put } from '../event-store/testing.ts'
import { createLogger } from '../service/logger.ts'
import { createTestHttp, type TestHttp } from '../testing/http.ts'
import { keyFromVerificationKey, rawKey } from './checkpoint.ts'
import { checkpointFile } from './checkpoint-file.ts'
import { openCheckpoints } from './open.ts'

function folder(t: TestContext): string {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou-audit-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  return dataDir
}

async function opened(dataDir: string, store = openMemoryStore()) {
  const http = await createTestHttp()
  const logs: string[] = []
  const destination = { write: (line: string) => void logs.push(line) }
  const checkpointer = await openCheckpoints({
    ...{ name: 'funds', store, dataDir, http: http.app, health: http.health },
    metrics: http.registry.forService('funds'),
    logger: createLogger({ service: 'funds', level: 'info', destination }),
    clock: () => instant('2026-01-01T00:00:00.000Z'),
  })
  const stop = async () => {
    await checkpointer.stop()
    await http.close()
  }
  return { http, logs, stop }
}

function partOf({ health }: TestHttp) {
  return health.report().parts.find(({ name }) => name === 'checkpoints')
}

test('the newest checkpoint is told to everyone with a token, also as a signed note', async t => {
  const dataDir = folder(t)
  const store = openMemoryStore()
  const { http, stop } = await opened(dataDir, store)
  assert.equal((await http.call('GET', '/v1/checkpoints/latest')).kind, 'not-found')
  await put(store, newStream(), newEvents(3))
  await stop()
  const again = await opened(dataDir, store)
  t.after(again.stop)
  const reply = await again.http.call('GET', '/v1/checkpoints/latest', {
    as: { role: 'auditor', subject: 'a-1' },
  })
  assert.equal(reply.status, 200)
  assert.equal(reply.get('size'), 3)
  assert.equal(reply.get('incarnation'), store.incarnation)
  const [text = '', mark = ''] = String(reply.get('note')).split('\n\n')
  assert.match(text, /^tongchou\/funds\/[0-9a-f-]{36}\n3\n/)
  assert.match(mark, /^\u2014 tongchou [A-Za-z0-9+/=]+\n$/)
  const key = keyFromVerificationKey(String(reply.get('verificationKey')))
  const pem = readFileSync(path.join(dataDir, 'checkpoint-key.pem'))
  assert.deepEqual(key && rawKey(key), rawKey(createPublicKey(pem)))
})

test('a store that is not what was signed is told by health, metrics and log', async t => {
  const dataDir = folder(t)
  const store = openMemoryStore()
  await put(store, newStream(), newEvents(3))
  const first = await opened(dataDir, store)
  await first.stop()
  assert.deepEqual(first.logs, [])
  const file = checkpointFile(dataDir, 'funds')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"size":3', '"size":4'))
  const { http, logs, stop } = await opened(dataDir, store)
  await stop()
  assert.equal(partOf(http)?.ready, false)
  assert.match(partOf(http)?.detail ?? '', /damaged/)
  assert.match(logs.join(''), /"event":"checkpoint.differed"/)
})
