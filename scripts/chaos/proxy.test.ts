import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { BrokerProxy, frames } from './proxy.ts'

const [PRODUCE, FETCH] = [0, 1]

/** Length, name of the request, version, correlation id. */
function request(name: number, id: number): Buffer {
  const frame = Buffer.alloc(12)
  frame.writeInt32BE(8, 0)
  frame.writeInt16BE(name, 4)
  frame.writeInt32BE(id, 8)
  return frame
}

function answer(id: number): Buffer {
  const frame = Buffer.alloc(8)
  frame.writeInt32BE(4, 0)
  frame.writeInt32BE(id, 4)
  return frame
}

/** A broker that answers everything, and a client that comes to it through the proxy. */
async function open(t: TestContext) {
  const asked: number[] = []
  const broker = net.createServer(socket => {
    socket.on('error', () => undefined)
    socket.on(
      'data',
      frames(frame => {
        asked.push(frame.readInt32BE(8))
        socket.write(answer(frame.readInt32BE(8)))
      }),
    )
  })
  broker.listen(0, '127.0.0.1')
  await once(broker, 'listening')
  const proxy = await BrokerProxy.open()
  proxy.target = (broker.address() as AddressInfo).port
  const client = net.connect(proxy.port, '127.0.0.1')
  client.on('error', () => undefined)
  t.after(async () => {
    client.destroy()
    await proxy.close()
    broker.close()
  })
  return { asked, proxy, client }
}

test('the answer to a send is taken away with its connection, behind the broker having it', async t => {
  const { asked, proxy, client } = await open(t)
  const heard: Buffer[] = []
  client.on('data', bytes => heard.push(bytes))
  proxy.cutsLeft = 1
  client.write(Buffer.concat([request(FETCH, 1), request(PRODUCE, 2)]))
  await once(client, 'close')
  assert.deepEqual(asked, [1, 2])
  assert.deepEqual(Buffer.concat(heard), answer(1))
  assert.equal(proxy.cuts, 1)
  assert.equal(proxy.cutsLeft, 0)
})

test('what comes late comes in its order', async t => {
  const { asked, proxy, client } = await open(t)
  proxy.delayMs = 20
  client.write(request(PRODUCE, 1))
  await once(client, 'data')
  client.write(request(PRODUCE, 2))
  proxy.delayMs = 0
  client.write(request(PRODUCE, 3))
  while (asked.length < 3) await once(client, 'data')
  assert.deepEqual(asked, [1, 2, 3])
})

test('a frame is handed on whole, however it is cut up', () => {
  const taken: Buffer[] = []
  const take = frames(frame => taken.push(Buffer.from(frame)))
  const all = Buffer.concat([request(FETCH, 1), request(PRODUCE, 2)])
  for (const byte of all) take(Buffer.from([byte]))
  assert.deepEqual(taken, [request(FETCH, 1), request(PRODUCE, 2)])
})
