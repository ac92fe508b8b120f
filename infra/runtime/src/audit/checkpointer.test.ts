import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { newUuid } from '@tongchou/contracts/id.ts'
import { instant } from '@tongchou/contracts/time.ts'
import { type MemoryStore, openMemoryStore } from '../event-store/memory.ts'
import { newEvents, newStream, put, readWhole } from '../event-store/testing.ts'
import { type CheckpointLine, isSignedBy, lineFrom, lineOf } from './checkpoint.ts'
import { checkpointFile } from './checkpoint-file.ts'
import { Checkpointer } from './checkpointer.ts'
import { openSigningKey, type SigningKey } from './signing-key.ts'
import { leafHash, rootOf } from './tree.ts'

const SERVICE = 'clearing'
const NOW = instant('2026-01-01T00:00:00.000Z')

let dataDir = ''
let key: SigningKey
const running: Checkpointer[] = []

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou-audit-'))
  key = await openSigningKey(dataDir)
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  rmSync(dataDir, { recursive: true })
})

type Started = { readonly checkpointer: Checkpointer; readonly alarms: Promise<Error> }

function start(store: MemoryStore, onSigned?: (line: CheckpointLine) => void): Started {
  const { promise, resolve, reject } = Promise.withResolvers<Error>()
  const checkpointer = new Checkpointer({
    ...{ service: SERVICE, store, dataDir, key, intervalMs: 1, onFault: reject, onAlarm: resolve },
    clock: () => NOW,
    ...(onSigned === undefined ? {} : { onSigned }),
  })
  running.push(checkpointer)
  return { checkpointer, alarms: promise }
}

/** Resolves when a line of that size is signed. */
function signedAt(size: number, store: MemoryStore): Promise<CheckpointLine> {
  return new Promise(resolve => {
    start(store, line => {
      if (line.size === size) resolve(line)
    })
  })
}

async function storeOf(count: number, incarnation = newUuid()): Promise<MemoryStore> {
  const store = openMemoryStore({ incarnation })
  for (let left = count; left > 0; left -= 500) {
    await put(store, newStream(), newEvents(Math.min(left, 500)))
  }
  return store
}

async function rootOfStore(store: MemoryStore): Promise<Buffer> {
  const events = await readWhole(store)
  return rootOf(events.map(({ position, hash }) => leafHash(position, hash)))
}

function lines(): CheckpointLine[] {
  const texts = readFileSync(checkpointFile(dataDir, SERVICE), 'utf8').trimEnd().split('\n')
  return texts.flatMap(text => lineFrom(text) ?? assert.fail(`no line: ${text}`))
}

async function stopAll(): Promise<void> {
  for (const one of running.splice(0)) await one.stop()
}

/** A store with the events of another up to a position, then its own. */
async function forkOf(store: MemoryStore, upTo: number, more: number): Promise<MemoryStore> {
  const fork = openMemoryStore({ incarnation: store.incarnation })
  const heads = new Map<string, Awaited<ReturnType<typeof put>>>()
  for (const event of (await readWhole(store)).slice(0, upTo)) {
    heads.set(event.stream, await put(fork, event.stream, [event], heads.get(event.stream)))
  }
  if (more > 0) await put(fork, newStream(), newEvents(more))
  return fork
}

describe('a checkpointer', () => {
  test('signs the number of events and the root of the whole store', async () => {
    const store = await storeOf(5)
    const line = await signedAt(5, store)
    assert.equal(line.incarnation, store.incarnation)
    assert.equal(line.at, NOW)
    assert.deepEqual(line.root, await rootOfStore(store))
    assert.ok(isSignedBy(line, key.publicKey))
    assert.deepEqual(lines().at(-1), line)
  })

  test('signs again when the store has grown, and not when it has not', async () => {
    const store = await storeOf(3)
    await signedAt(3, store)
    await put(store, newStream(), newEvents(2))
    await stopAll()
    start(store)
    await stopAll()
    assert.deepEqual(
      lines().map(({ size }) => size),
      [3, 5],
    )
  })

  test('goes on from its last line without reading what lies far behind it', async () => {
    const store = await storeOf(2500)
    await signedAt(2500, store)
    await stopAll()
    await put(store, newStream(), newEvents(2500))
    await signedAt(5000, store)
    await stopAll()
    await put(store, newStream(), newEvents(1))
    const root = await rootOfStore(store)
    const reads: bigint[] = []
    const readAll = store.readAll.bind(store)
    store.readAll = (after, ...rest) => {
      reads.push(after)
      return readAll(after, ...rest)
    }
    assert.deepEqual((await signedAt(5001, store)).root, root)
    assert.equal(reads[0], 2500n)
  })

  test('cuts off a line that a crash left unfinished', async () => {
    const store = await storeOf(3)
    await signedAt(3, store)
    await stopAll()
    const file = checkpointFile(dataDir, SERVICE)
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"service":"cle`)
    await put(store, newStream(), newEvents(1))
    await signedAt(4, store)
    assert.deepEqual(
      lines().map(({ size }) => size),
      [3, 4],
    )
  })

  test('of two in one data directory one writes, and both tell the newest line', async () => {
    const store = await storeOf(3)
    const line = await signedAt(3, store)
    const second = start(store, () => assert.fail('both wrote')).checkpointer
    while (!second.compared()) await new Promise(setImmediate)
    assert.equal(second.treeSize(), null)
    await put(store, newStream(), newEvents(1))
    await stopAll()
    assert.deepEqual(
      lines().map(({ size }) => size),
      [3, 4],
    )
    assert.equal(line.size, 3)
    assert.equal((await second.latest())?.size, 4)
  })

  test('takes the key that the data directory has', async () => {
    const again = await openSigningKey(dataDir)
    assert.equal(again.keyId, key.keyId)
  })
})

describe('a store that is not what was signed is an alarm', () => {
  async function alarmOf(store: MemoryStore): Promise<string> {
    const { alarms, checkpointer } = start(store, () => assert.fail('signed all the same'))
    const { message } = await alarms
    assert.equal(checkpointer.alarm()?.message, message)
    return message
  }

  async function signed(count: number): Promise<MemoryStore> {
    const store = await storeOf(count)
    await signedAt(count, store)
    await stopAll()
    return store
  }

  test('when it is shorter', async () => {
    const store = await signed(12)
    assert.match(await alarmOf(await forkOf(store, 10, 0)), /ends at 10, but 12 events were signed/)
  })

  test('when it was restored and went another way', async () => {
    const store = await signed(12)
    assert.match(await alarmOf(await forkOf(store, 10, 9)), /events 1 to 12 are not those/)
  })

  test('when it is another incarnation', async () => {
    const store = await signed(12)
    const other = await storeOf(12)
    const message = await alarmOf(other)
    assert.match(message, new RegExp(`${other.incarnation}, but ${store.incarnation}`))
  })

  test('when the last line was edited', async () => {
    const store = await signed(12)
    const file = checkpointFile(dataDir, SERVICE)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/"size":12/, '"size":11'))
    assert.match(await alarmOf(store), /last line of the checkpoints is damaged/)
  })

  test('when the last line bears another signature', async () => {
    const store = await signed(12)
    const [line] = lines()
    assert.ok(line !== undefined)
    const signature = createHash('sha512').update('forged').digest()
    writeFileSync(checkpointFile(dataDir, SERVICE), `${lineOf({ ...line, signature })}\n`)
    assert.match(await alarmOf(store), /not signed by this installation's key/)
  })

  test('when a position is missing', async () => {
    const store = await signed(12)
    await put(store, newStream(), newEvents(3))
    const readAll = store.readAll.bind(store)
    store.readAll = async (after, ...rest) =>
      after >= 12n ? readAll(14n, ...rest) : readAll(after, ...rest)
    assert.match(await alarmOf(store), /13 is missing/)
  })
})
