/** Requests to the doors with one way to fail: the problem's own words. */

import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { CommandFault } from './instance.ts'

export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly field?: string
  readonly rule?: string
}

export type Reply = { readonly status: number; readonly body: unknown }

/** Last part of a problem's type. */
export function kindOf(problem: { readonly type: string }): string {
  return problem.type.split('/').at(-1) ?? problem.type
}

export function sentenceOf(problem: Problem): string {
  const { title, detail, field, rule } = problem
  const at = field === undefined ? '' : ` (${field}${rule === undefined ? '' : `: ${rule}`})`
  return `${kindOf(problem)}: ${detail ?? title}${at}`
}

type Call = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly token: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const MAX_RETRIES = 30

/**
 * Any status is a reply, but 503, which is waited for as long as its Retry-After says; a door that
 * does not answer is a fault that says what to do.
 */
export async function call(url: string, options: Call): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    const { retryAfterS, ...reply } = await callOnce(url, options)
    if (reply.status !== 503 || attempt === MAX_RETRIES) return reply
    await sleep(retryAfterS * 1000)
  }
}

async function callOnce(
  url: string,
  { method = 'GET', token, body, headers }: Call,
): Promise<Reply & { readonly retryAfterS: number }> {
  const reply = await request(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw notAnswering(url, cause)
  })
  const text = await reply.body.text()
  return {
    status: reply.statusCode,
    body: text === '' ? null : JSON.parse(text),
    retryAfterS: Number(reply.headers['retry-after'] ?? 1),
  }
}

/** The body of a reply that must be a success. */
export async function ask<T>(url: string, options: Call): Promise<T> {
  const { status, body } = await call(url, options)
  if (status < 300) return body as T
  throw new CommandFault(`${options.method ?? 'GET'} ${url}: ${sentenceOf(body as Problem)}`)
}

export type AnswerLine = {
  readonly line: number
  readonly ok: boolean
  readonly problem?: Problem
  readonly answer?: unknown
}

/** What a door that went away left open: sent again, nothing happens twice. */
class BrokenOff extends CommandFault {}

const RESUMES = 30
const RESUME_MS = 1000

/** As `sendStream`; when the door goes away on the way, what has no answer is sent again. */
export async function* sendLines(
  url: string,
  token: string,
  lines: readonly string[],
): AsyncGenerator<AnswerLine> {
  let answered = 0
  for (let failures = 0; ; ) {
    const before = answered
    try {
      const body = Readable.from(lines.slice(before).map(line => `${line}\n`))
      for await (const answer of sendStream(url, token, body)) {
        answered = before + answer.line
        failures = 0
        yield { ...answer, line: answered }
      }
      return
    } catch (fault) {
      const again = fault instanceof BrokenOff || failures > 0
      failures += 1
      if (!again || failures > RESUMES) throw fault
      await sleep(RESUME_MS)
    }
  }
}

/** Sends NDJSON and yields the answer lines as they come, in the order of the lines. */
export async function* sendStream(
  url: string,
  token: string,
  lines: Readable,
): AsyncGenerator<AnswerLine> {
  const reply = await request(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    body: lines,
    headersTimeout: 0,
    bodyTimeout: 0,
  }).catch((cause: unknown) => {
    throw notAnswering(url, cause)
  })
  if (reply.statusCode >= 300) {
    throw new CommandFault(`POST ${url}: ${sentenceOf((await reply.body.json()) as Problem)}`)
  }
  try {
    for await (const text of createInterface({ input: reply.body })) {
      if (text !== '') yield JSON.parse(text) as AnswerLine
    }
  } catch (cause) {
    throw new BrokenOff(`${url} broke off (${reasonOf(cause)}): send all of it again.`)
  }
}

function notAnswering(url: string, cause: unknown): CommandFault {
  const { origin } = new URL(url)
  return new CommandFault(
    `${origin} does not answer (${reasonOf(cause)}): is it running? Start it with npm start.`,
  )
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
