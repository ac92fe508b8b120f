/**
 * Bulk imports: NDJSON in, one answer line for each line in the same order. Bad lines are refused
 * each with its reason, the rest is taken; what a line asks for is idempotent, so the whole body
 * may be sent again.
 */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Caller } from '../auth/caller.ts'
import { NDJSON_CONTENT_TYPE } from '../http/body-parsers.ts'
import { problemOf } from '../http/errors.ts'
import type { NdjsonLine } from '../http/ndjson.ts'
import { ndjsonBody, ndjsonChunks, okLine, problemLine } from '../http/ndjson.ts'
import { HttpProblem } from '../http/problem.ts'
import { createValidatorCompiler, validationProblem } from '../http/validation.ts'
import type { Logger } from '../service/logger.ts'

/** Options of a route that imports: the largest body, and that no `Idempotency-Key` is read. */
export const IMPORT_ROUTE = {
  bodyLimit: 1024 * 1024 * 1024,
  config: { changes: 'lines' },
} as const
const LINES_MAX = 1_000_000
const LINE_BYTES_MAX = 131_072
const CHUNK_LINES = 300
/**
 * Answers kept for a client that sends everything before it reads: more than a million short lines.
 */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** What became of one line: members of its answer, or why it was refused. */
export type LineAnswer = object | HttpProblem

/** Members of the path, checked by the route's schema. */
export type PathParams = { readonly [name: string]: unknown }

export type LineImport<S extends TSchema> = {
  /** Shape of one line. */
  readonly line: S
  /** Answers in the order of the lines. A fault refuses them all, and the next chunk is tried. */
  readonly take: (
    lines: readonly Static<S>[],
    caller: Caller,
    params: PathParams,
  ) => Promise<readonly LineAnswer[]>
  readonly logger: Logger
  readonly chunkLines?: number
  /**
   * Chunks under way, 1 unless told. More only where no line rests on one before it: of two lines
   * under one key in neighbouring chunks either may then come first.
   */
  readonly chunksAtOnce?: number
}

/** Handler of a route whose options hold `...IMPORT_ROUTE`. */
export function importLines<S extends TSchema>(options: LineImport<S>) {
  const check = createValidatorCompiler()({ schema: options.line, httpPart: 'body' })
  const importer: Importer<S> = {
    ...options,
    valid: (value): value is Static<S> => check(value),
    fault: () => validationProblem((check.errors ?? []) as ValidationErrors, 'body'),
  }
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const body = ndjsonBody(request.body)
    const lines = Readable.from(answers(importer, body, request), {
      objectMode: false,
      highWaterMark: ANSWER_BYTES_MAX,
    })
    return reply.type(NDJSON_CONTENT_TYPE).send(lines)
  }
}

type ValidationErrors = Parameters<typeof validationProblem>[0]

type Importer<S extends TSchema> = LineImport<S> & {
  readonly valid: (value: unknown) => value is Static<S>
  /** Why the value that was just looked at is not valid. */
  readonly fault: () => HttpProblem
}

type Answered = { readonly line: number; answer: LineAnswer }

async function* answers<S extends TSchema>(
  importer: Importer<S>,
  body: AsyncIterable<Buffer>,
  request: FastifyRequest,
): AsyncGenerator<string> {
  const limits = { maxLines: LINES_MAX, maxLineBytes: LINE_BYTES_MAX }
  const { chunkLines = CHUNK_LINES, chunksAtOnce = 1 } = importer
  const underWay: Promise<string>[] = []
  for await (const chunk of ndjsonChunks(body, chunkLines, limits)) {
    underWay.push(answerChunk(importer, chunk, request))
    if (underWay.length >= chunksAtOnce) yield (await underWay.shift()) ?? ''
  }
  for (const text of underWay) yield await text
}

/** Never rejects: a fault is the answer of every line of the chunk. */
async function answerChunk<S extends TSchema>(
  importer: Importer<S>,
  chunk: readonly NdjsonLine[],
  request: FastifyRequest,
): Promise<string> {
  const taken: { readonly entry: Answered; readonly value: Static<S> }[] = []
  const answered = chunk.map((line): Answered => {
    if ('problem' in line) return { line: line.line, answer: line.problem }
    if (!importer.valid(line.value)) return { line: line.line, answer: importer.fault() }
    const entry: Answered = { line: line.line, answer: {} }
    taken.push({ entry, value: line.value })
    return entry
  })
  const values = taken.map(({ value }) => value)
  const results = await take(importer, values, request)
  taken.forEach(({ entry }, at) => {
    entry.answer = results[at] ?? {}
  })
  const { publicUrl } = request.server
  return answered
    .map(({ line, answer }) =>
      answer instanceof HttpProblem ? problemLine(line, answer, publicUrl) : okLine(line, answer),
    )
    .join('')
}

async function take<S extends TSchema>(
  importer: Importer<S>,
  lines: readonly Static<S>[],
  request: FastifyRequest,
): Promise<readonly LineAnswer[]> {
  if (lines.length === 0) return []
  try {
    return await importer.take(lines, request.caller, { ...Object(request.params) })
  } catch (error) {
    const fault = error instanceof Error ? error : new Error('not an error', { cause: error })
    const problem = problemOf(fault, request, importer.logger)
    return lines.map(() => problem)
  }
}
