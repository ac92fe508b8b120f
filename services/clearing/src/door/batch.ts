/** `POST /v1/claims:batch`: a stream of lines in, one answer line for each in the same order. */

import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import type { NdjsonLine } from '@tongchou/runtime/http/ndjson.ts'
import { okLine, problemLine } from '@tongchou/runtime/http/ndjson.ts'
import { commonProblem, HttpProblem, unavailable } from '@tongchou/runtime/http/problem.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import { answerOf } from './answer.ts'
import { checkLine, refusalProblem } from './check.ts'
import type { DoorItem, DoorPorts } from './submit.ts'
import { submitAll } from './submit.ts'
import type { Waiting } from './waiting.ts'

/** Chunks that may wait for their answers while the next is read: what bounds memory. */
const MAX_CHUNKS_WAITING = 4

export type BatchPorts = DoorPorts & {
  readonly waiting: Waiting
  readonly publicUrl: string
  readonly waitMs: number
}

/**
 * Chunks are appended one after the other, so claims of a person keep the order of the lines; their
 * answers are awaited side by side. Sent again after a break, every line gets its first answer.
 */
export async function* answerLines(
  ports: BatchPorts,
  caller: Caller,
  chunks: AsyncIterable<readonly NdjsonLine[]>,
): AsyncGenerator<string> {
  const pending: Promise<string>[] = []
  for await (const chunk of chunks) {
    const { text } = await submitChunk(ports, caller, chunk)
    pending.push(text)
    if (pending.length >= MAX_CHUNKS_WAITING) yield (await pending.shift()) ?? ''
  }
  for (const text of pending) yield await text
}

type Answer = { readonly line: number; readonly text: string | Promise<string> }

/** Resolves once the chunk is stored; `text` resolves once every line is answered. */
async function submitChunk(
  ports: BatchPorts,
  caller: Caller,
  chunk: readonly NdjsonLine[],
): Promise<{ readonly text: Promise<string> }> {
  const answers: Answer[] = []
  const items: DoorItem[] = []
  const lines: number[] = []
  for (const entry of chunk) {
    const item = itemOf(entry, caller)
    if (item instanceof HttpProblem) {
      answers.push({ line: entry.line, text: problemLine(entry.line, item, ports.publicUrl) })
    } else {
      items.push(item)
      lines.push(entry.line)
    }
  }
  const outcomes = await stored(ports, items)
  outcomes.forEach((outcome, index) => {
    const line = lines[index] ?? 0
    answers.push({ line, text: answerText(ports, line, outcome) })
  })
  answers.sort((a, b) => a.line - b.line)
  return { text: Promise.all(answers.map(({ text }) => text)).then(texts => texts.join('')) }
}

function itemOf(entry: NdjsonLine, caller: Caller): DoorItem | HttpProblem {
  if ('problem' in entry) return entry.problem
  const claim = checkLine(entry.value)
  return claim instanceof HttpProblem ? claim : { claim, caller, raw: entry.bytes }
}

type Outcome = Awaited<ReturnType<typeof submitAll>>[number] | HttpProblem

/**
 * A store that does not answer is a problem of the lines, not of the stream: the client sends them
 * again.
 */
async function stored(ports: BatchPorts, items: readonly DoorItem[]): Promise<Outcome[]> {
  try {
    return await submitAll(ports, items)
  } catch (cause) {
    if (cause instanceof Fault && cause.retryable) {
      return items.map(() => unavailable('send this line again'))
    }
    return items.map(() => commonProblem('internal'))
  }
}

async function answerText(ports: BatchPorts, line: number, outcome: Outcome): Promise<string> {
  if (outcome instanceof HttpProblem) return problemLine(line, outcome, ports.publicUrl)
  if (!outcome.ok) return problemLine(line, refusalProblem(outcome.refusal), ports.publicUrl)
  const state = await ports.waiting.answered(outcome.stream, outcome.state, ports.waitMs)
  return okLine(line, { answer: answerOf(state) })
}
