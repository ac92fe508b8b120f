import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Shape } from '@tongchou/contracts/http/scalars.ts'
import { Type } from 'typebox'
import { problemReply } from '../http/problem.ts'
import { Fault } from '../service/fault.ts'
import { SILENT } from '../service/logger.ts'
import { createTestHttp } from '../testing/http.ts'
import type { LineAnswer, LineImport } from './import-lines.ts'
import { importLines } from './import-lines.ts'

const Line = Shape({ n: Type.Integer({ minimum: 0 }) })
type Take = LineImport<typeof Line>['take']

type Answer = {
  readonly line: number
  readonly ok: boolean
  readonly n?: number
  readonly problem?: { readonly type: string; readonly status: number; readonly field?: string }
}

/** Sends a body to an import of chunks of three lines. */
async function send(body: string | Buffer, take: Take, chunksAtOnce = 1): Promise<Answer[]> {
  const http = await createTestHttp({
    routes: app => {
      const options = { line: Line, take, logger: SILENT, chunkLines: 3, chunksAtOnce }
      app.post('/lines::import', { bodyLimit: 1_000_000 }, importLines(options))
    },
  })
  const token = await http.issuer.issueToken({ role: 'centre', subject: 'c', ttlSeconds: 60 })
  const reply = await http.app.inject({
    method: 'POST',
    url: '/lines:import',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    payload: body,
  })
  await http.close()
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.body
    .split('\n')
    .filter(Boolean)
    .map(text => JSON.parse(text))
}

function numbers(from: number, to: number): string {
  let text = ''
  for (let n = from; n <= to; n++) text += `{"n":${n}}\n`
  return text
}

const echo: Take = async lines => lines.map(({ n }): LineAnswer => ({ n }))

function kindsOf(answers: readonly Answer[]): readonly (string | undefined)[] {
  return answers.map(({ problem }) => problem?.type.split('/').at(-1))
}

test('every line has its answer in its place, however many chunks are under way', async () => {
  for (const chunksAtOnce of [1, 2, 5]) {
    let calls = 0
    const slowFirst: Take = async (lines, ...rest) => {
      calls += 1
      if (calls === 1) await new Promise(resolve => setImmediate(resolve))
      return echo(lines, ...rest)
    }
    const answers = await send(numbers(1, 10), slowFirst, chunksAtOnce)
    assert.deepEqual(
      answers.map(({ line, ok, n }) => [line, ok, n]),
      Array.from({ length: 10 }, (_, index) => [index + 1, true, index + 1]),
    )
    assert.equal(calls, 4)
  }
})

test('a chunk waits for the one before unless more are allowed', async () => {
  let running = 0
  let most = 0
  const counting: Take = async (lines, ...rest) => {
    running += 1
    most = Math.max(most, running)
    await new Promise(resolve => setImmediate(resolve))
    running -= 1
    return echo(lines, ...rest)
  }
  await send(numbers(1, 12), counting)
  assert.equal(most, 1)
  await send(numbers(1, 12), counting, 2)
  assert.equal(most, 2)
})

test('bad lines are refused with field and line, good ones around them are taken', async () => {
  const seen: number[] = []
  const take: Take = async (lines, ...rest) => {
    seen.push(...lines.map(({ n }) => n))
    return echo(lines, ...rest)
  }
  const long = `{"n":1,"x":"${'y'.repeat(140_000)}"}`
  const body = `{"n":1}\n{"n":\n{"n":-1}\n{"m":1}\n${long}\n{"n":2.5}\n{"n":2}`
  const answers = await send(body, take)
  assert.deepEqual(kindsOf(answers), [
    undefined,
    'malformed',
    'malformed',
    'malformed',
    'too-large',
    'malformed',
    undefined,
  ])
  assert.deepEqual(
    answers.map(({ line }) => line),
    [1, 2, 3, 4, 5, 6, 7],
  )
  assert.equal(answers[2]?.problem?.field, 'n')
  assert.deepEqual(seen, [1, 2])
})

test('what a line is refused for stands in its answer', async () => {
  const refusing: Take = async lines =>
    lines.map(({ n }) => (n === 2 ? problemReply('not-two', { status: 422, title: 'Two' }) : { n }))
  assert.deepEqual(kindsOf(await send(numbers(1, 3), refusing)), [undefined, 'not-two', undefined])
})

test('a fault refuses the lines of its chunk as retryable, the next chunk is tried', async () => {
  let calls = 0
  const failing: Take = async (lines, ...rest) => {
    calls += 1
    if (calls === 1) throw new Fault('unavailable', 'the database does not answer')
    return echo(lines, ...rest)
  }
  const answers = await send(`x\n${numbers(2, 5)}`, failing)
  assert.deepEqual(kindsOf(answers), [
    'malformed',
    'unavailable',
    'unavailable',
    undefined,
    undefined,
  ])
  assert.equal(answers[1]?.problem?.status, 503)
})

test('a bug refuses its chunk as internal and says nothing of itself', async () => {
  const broken: Take = async () => {
    throw new TypeError('张三')
  }
  const answers = await send(numbers(1, 1), broken)
  assert.deepEqual(kindsOf(answers), ['internal'])
  assert.equal(JSON.stringify(answers).includes('张三'), false)
})

test('an empty body has no answers', async () => {
  assert.deepEqual(await send('', echo), [])
})
