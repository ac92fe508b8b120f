import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { describe, it, type TestContext } from 'node:test'
import { sendLines } from './http.ts'

type Answer = (request: IncomingMessage, reply: ServerResponse) => Promise<void>

/** A door for NDJSON: each request is answered by the next of the list. */
async function door(t: TestContext, answers: readonly Answer[]): Promise<string> {
  const left = [...answers]
  const server = createServer((request, reply) => void left.shift()?.(request, reply))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise(resolve => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/lines`
}

/** Answers so many lines with their own text; then the connection is cut. */
function answering(got: string[], most = Number.POSITIVE_INFINITY): Answer {
  return async (request, reply) => {
    reply.writeHead(200)
    let line = 0
    for await (const text of createInterface({ input: request })) {
      if (line >= most) continue
      line += 1
      got.push(text)
      reply.write(`${JSON.stringify({ line, ok: true, answer: text })}\n`)
    }
    if (most === Number.POSITIVE_INFINITY) reply.end()
    else setTimeout(() => reply.destroy(), 20)
  }
}

async function answersOf(url: string, lines: readonly string[]) {
  const found: (readonly [number, unknown])[] = []
  for await (const { line, answer } of sendLines(url, 'token', lines)) found.push([line, answer])
  return found
}

describe('lines sent to a door', () => {
  it('that goes away are sent again from the first without an answer', async t => {
    const got: string[] = []
    const url = await door(t, [answering(got, 2), answering(got)])
    const found = await answersOf(url, ['a', 'b', 'c', 'd'])
    assert.deepEqual(found, [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ])
    assert.deepEqual(got, ['a', 'b', 'c', 'd'])
  })
  it('that is not there are a fault at once, which says what to do', async t => {
    const url = await door(t, [])
    const nobody = url.replace(/:\d+/, ':9')
    await assert.rejects(answersOf(nobody, ['a']), /is it running\? Start it with npm start/)
  })
  it('that refuses all of them are a fault with the words of the problem', async t => {
    const refusing: Answer = async (request, reply) => {
      request.resume()
      reply.writeHead(403, { 'content-type': 'application/problem+json' })
      reply.end(JSON.stringify({ type: '/problems/forbidden', title: 'no', status: 403 }))
    }
    await assert.rejects(answersOf(await door(t, [refusing]), ['a']), /forbidden: no/)
  })
})
