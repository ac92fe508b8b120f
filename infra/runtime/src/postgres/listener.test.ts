import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { until } from '../message-log/testing.ts'
import { type Database, openDatabase } from './database.ts'
import { testDatabase } from './testing.ts'

/** Longer than a notice needs. */
const QUIET_MS = 300

/** A process that listens; `heard` are the payloads that came. */
async function listening(t: TestContext, url: string, channel: string) {
  const database: Database = openDatabase({ url })
  t.after(() => database.close())
  const heard: string[] = []
  const leave = database.listener.listen(channel, payload => {
    if (payload !== null) heard.push(payload)
  })
  await until('listening', () => database.listener.connected)
  return { database, heard, leave }
}

describe('notices', () => {
  it('reach every other process that listens on the channel, the last one of several', async t => {
    const { url } = await testDatabase(t)
    const here = await listening(t, url, 'one')
    const there = await listening(t, url, 'one')
    const third = await listening(t, url, 'one')
    for (const payload of ['1', '2', '3']) here.database.listener.notify('one', payload)
    const last = (heard: readonly string[]) => heard.at(-1) === '3'
    await until('heard', () => last(there.heard) && last(third.heard))
  })

  it('do not go while nobody else listens on their channel: each wakes whoever listens', async t => {
    const { url } = await testDatabase(t)
    const here = await listening(t, url, 'one')
    const there = await listening(t, url, 'two')
    const eavesdropper = await there.database.connect()
    t.after(() => eavesdropper.destroy())
    const overheard: string[] = []
    eavesdropper.client.on('notification', ({ payload }) => overheard.push(payload ?? ''))
    await eavesdropper.client.query('listen one')
    here.database.listener.notify('one', '1')
    await new Promise(resolve => setTimeout(resolve, QUIET_MS))
    assert.deepEqual(overheard, [])
    await listening(t, url, 'one')
    here.database.listener.notify('one', '2')
    await until('heard', () => overheard.length > 0)
    assert.deepEqual(overheard, ['2'])
    assert.deepEqual(there.heard, [])
  })

  it('reach a channel that is listened to later on a connection that stands', async t => {
    const { url } = await testDatabase(t)
    const here = await listening(t, url, 'one')
    const there = await listening(t, url, 'two')
    const heard: (string | null)[] = []
    there.database.listener.listen('one', payload => heard.push(payload))
    await until('heard', () => {
      here.database.listener.notify('one', '7')
      return heard.includes('7')
    })
  })
})
