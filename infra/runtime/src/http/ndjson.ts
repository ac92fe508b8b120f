/**
 * NDJSON bodies as streams: bounded lines in, one answer line for each in the same order,
 * back-pressure both ways.
 */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { NDJSON_CONTENT_TYPE } from './body-parsers.ts'
import { malformed, parseJsonBody } from './json-body.ts'
import { commonProblem, HttpProblem, problemJson } from './problem.ts'

export const MAX_LINE_BYTES = 1024 * 1024
export const MAX_LINES = 100_000

/** One line of the body: its number from 1, and the parsed JSON or why it is none. */
export type NdjsonLine =
  | {
      readonly line: number
      readonly value: unknown
      /** The line as it came, without its newline. */
      readonly bytes: Buffer
    }
  | { readonly line: number; readonly problem: HttpProblem }

export type NdjsonLimits = {
  readonly maxLineBytes?: number
  readonly maxLines?: number
  readonly decimalsAsText?: boolean
}

/** The body of a route that takes lines. Throws `unsupported-media-type` when it is another one. */
export function ndjsonBody(body: unknown): Readable {
  if (body instanceof Readable) return body
  throw commonProblem('unsupported-media-type', {
    detail: 'send one JSON record a line',
    extensions: { field: 'header.content-type', rule: NDJSON_CONTENT_TYPE },
  })
}

/**
 * Lines of a body in arrays of at most `size`, as they arrive; blank lines are counted and passed
 * over. A line that is too long or no JSON comes as a problem of its own; after `maxLines` one last
 * problem and the end.
 */
export async function* ndjsonChunks(
  body: AsyncIterable<Buffer>,
  size: number,
  limits: NdjsonLimits = {},
): AsyncGenerator<readonly NdjsonLine[]> {
  const { maxLines = MAX_LINES } = limits
  let chunk: NdjsonLine[] = []
  let number = 0
  for await (const bytes of rawLines(body, limits.maxLineBytes ?? MAX_LINE_BYTES)) {
    number += 1
    if (number > maxLines) {
      const problem = commonProblem('too-large', { extensions: { rule: `lines: ${maxLines}` } })
      chunk.push({ line: number, problem })
      break
    }
    if (bytes !== null && isBlank(bytes)) continue
    chunk.push(parsedLine(number, bytes, limits))
    if (chunk.length === size) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

function parsedLine(line: number, bytes: Buffer | null, limits: NdjsonLimits): NdjsonLine {
  if (bytes === null) {
    const limit = limits.maxLineBytes ?? MAX_LINE_BYTES
    const problem = commonProblem('too-large', { extensions: { rule: `line bytes: ${limit}` } })
    return { line, problem }
  }
  try {
    const { decimalsAsText = false } = limits
    return { line, value: parseJsonBody(bytes, { decimalsAsText }), bytes }
  } catch (error) {
    if (error instanceof HttpProblem) return { line, problem: error }
    return { line, problem: malformed('the line is not JSON', '', 'json') }
  }
}

const NEWLINE = 0x0a

function isBlank(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x0d)
}

/** Lines as bytes; null for one that is longer than the limit, whose rest is thrown away unread. */
async function* rawLines(
  body: AsyncIterable<Buffer>,
  limit: number,
): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = []
  let length = 0
  for await (const piece of body) {
    let start = 0
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      length += end - start
      yield length > limit ? null : joined(parts, piece.subarray(start, end))
      parts = []
      length = 0
      start = end + 1
    }
    length += piece.length - start
    if (length > limit) parts = []
    else if (start < piece.length) parts.push(piece.subarray(start))
  }
  if (length > 0) yield length > limit ? null : joined(parts, Buffer.alloc(0))
}

function joined(parts: readonly Buffer[], last: Buffer): Buffer {
  return parts.length === 0 ? last : Buffer.concat([...parts, last])
}

/** Sends answer lines as they come; the client's reading speed holds the generator back. */
export function replyNdjson(reply: FastifyReply, lines: AsyncIterable<string>): FastifyReply {
  return reply
    .type(NDJSON_CONTENT_TYPE)
    .send(Readable.from(lines, { objectMode: false, highWaterMark: 65_536 }))
}

/** `{"line":n,"ok":false,"problem":{…}}` */
export function problemLine(line: number, problem: HttpProblem, publicUrl: string): string {
  return `{"line":${line},"ok":false,"problem":${problemJson(problem, publicUrl)}}\n`
}

/** `{"line":n,"ok":true,…}` */
export function okLine(line: number, answer: object): string {
  return `${JSON.stringify({ line, ok: true, ...answer })}\n`
}
