/** TLS wanted where there is none, and the other way round; certificates that nobody knows. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { openKafkajs } from '../client/kafkajs.ts'
import { openPlatformatic } from '../client/platformatic.ts'
import { noKafka } from '../testing.ts'
import { lockedKafka } from './broker.ts'

const CLIENTS = { kafkajs: openKafkajs, platformatic: openPlatformatic }
const TIMES = { sendTimeoutMs: 3000, sessionTimeoutMs: 6000 }
const run = promisify(execFile)

test('whether the brokers speak TLS is named where they do not agree', {
  skip: await noKafka('own'),
}, async t => {
  const kafka = await lockedKafka(t)
  for (const [name, open] of Object.entries(CLIENTS)) {
    await t.test(name, async t => {
      const told = (address: string, tls: boolean) => errorOf(t, { open, address, tls })
      const [on, off, unknown] = await Promise.all([
        told(kafka.open, true),
        told(kafka.tls, false),
        told(kafka.tls, true),
      ])
      assert.match(on, /TONGCHOU_KAFKA_TLS=on, but the brokers speak no TLS/)
      assert.match(off, /speak TLS at this address: set TONGCHOU_KAFKA_TLS=on/)
      assert.match(unknown, /set NODE_EXTRA_CA_CERTS to the file of its authority/)
    })

    await t.test(`${name} trusts the certificates in NODE_EXTRA_CA_CERTS`, async () => {
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: kafka.certificate }
      const file = path.join(import.meta.dirname, `../client/${name}.ts`)
      const text = programOf(file, open.name, kafka.tls)
      const args = ['--input-type=module', '-e', text]
      const { stdout } = await run(process.execPath, args, { env })
      assert.equal(stdout.trim(), '1')
    })
  }
})

type Opening = {
  readonly open: typeof openKafkajs
  readonly address: string
  readonly tls: boolean
}

/** What it says who asks for topics. */
async function errorOf(t: TestContext, { open, address, tls }: Opening): Promise<string> {
  const client = open({ brokers: [address], clientId: 'test', ...TIMES, tls })
  t.after(() => client.close())
  const spec = { name: 'none', partitions: 1, config: {} }
  const error = await client.ensureTopics([spec]).then(
    () => null,
    cause => cause,
  )
  assert.ok(error instanceof Error)
  return error.message
}

/** Node reads the variable at its start only. Sends a record and tells how many there are. */
function programOf(file: string, open: string, address: string): string {
  return `
    import { ${open} as open } from ${JSON.stringify(file)}
    const client = open({
      brokers: [${JSON.stringify(address)}], clientId: 'test', tls: true,
      sendTimeoutMs: 10000, sessionTimeoutMs: 6000,
    })
    const topic = ${JSON.stringify(`trusted.${open}`)}
    await client.ensureTopics([{ name: topic, partitions: 1, config: { 'retention.ms': '-1' } }])
    const record = { key: null, value: Buffer.from('a'), headers: {}, timestampMs: 1 }
    await client.produce(topic, 0, [record])
    console.log(String((await client.offsets(topic)).get(0).next))
    await client.close()
    process.exit(0)
  `
}
