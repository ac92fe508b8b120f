/** A service whose brokers do not let it in: alive, not ready, says why; goes on when they do. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockedKafka, PASSWORD } from '../kafka/locked/broker.ts'
import { noKafka } from '../kafka/testing.ts'
import { testDatabase } from '../postgres/testing.ts'
import { freePorts } from '../process/ports.ts'
import { hostServices } from './host.ts'

const LIMIT_MS = 40_000
const USER = 'berta'

test('a service waits, alive and not ready, for its user and its rights, and names them', {
  skip: await noKafka('own'),
}, async t => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'tongchou-host-kafka-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const [kafka, database, [port = 0]] = await Promise.all([
    lockedKafka(t),
    testDatabase(t),
    freePorts(1),
  ])
  const env = {
    TONGCHOU_DATABASE_URL: database.url,
    TONGCHOU_DATA_DIR: dataDir,
    TONGCHOU_FUNDS_PORT: String(port),
    TONGCHOU_LOG_LEVEL: 'silent',
    TONGCHOU_KAFKA: kafka.sasl,
    TONGCHOU_KAFKA_SASL: 'scram-sha-256',
    TONGCHOU_KAFKA_USERNAME: USER,
    TONGCHOU_KAFKA_PASSWORD: PASSWORD,
  }
  const starting = hostServices(
    [{ name: 'funds', views: [], build: async () => ({ consumers: [] }) }],
    env,
  )
  const url = `http://127.0.0.1:${port}`
  async function saying(wanted: RegExp): Promise<void> {
    const giveUpMs = performance.now() + LIMIT_MS
    for (let said = ''; !wanted.test(said); await sleep(50)) {
      const answer = await fetch(`${url}/health/ready`).catch(() => null)
      if (answer !== null) said = `${answer.status} ${await answer.text()}`
      assert.ok(performance.now() < giveUpMs, `${said} is not ${wanted}`)
    }
  }
  const makeUser = () => kafka.addUser(USER, PASSWORD)
  const letDeclare = () => kafka.grant(USER, 'Create topic *', 'Describe topic *')
  const letSpeak = () => kafka.grant(USER, 'Write topic *', 'Read topic *', 'Read group *')
  try {
    await saying(/^503 .*"kafka".*TONGCHOU_KAFKA_USERNAME and TONGCHOU_KAFKA_PASSWORD/)
    assert.equal((await fetch(`${url}/health/live`)).status, 200)
    await makeUser()
    await saying(/^503 .*"kafka".*user berta Describe and, while it is not there, Create on topic/)
    await letDeclare()
    await saying(/^503 .*"relay","ready":false,"detail":"public.*user berta Write on topic public/)
    await letSpeak()
    await saying(/^200 /)
  } finally {
    for (const mend of [makeUser, letDeclare, letSpeak]) await mend()
    await (await starting).stop()
  }
})
