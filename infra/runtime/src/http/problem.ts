/** RFC 9457 problems: what a caller is told when something is refused or fails. */
import type { Problem } from '@tongchou/contracts/http/problem.ts'
import { PROBLEM_CONTENT_TYPE } from '@tongchou/contracts/http/problem.ts'
import type { FastifyReply } from 'fastify'

export type { Problem }

declare global {
  interface JSON {
    /** ECMA-262: text that JSON.stringify copies as it is. */
    rawJSON(text: string): unknown
  }
}

export type Extension =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Extension[]
  | { readonly [name: string]: Extension | undefined }

export type ProblemOptions = {
  /** One English sentence for this occurrence; never personal data. */
  readonly detail?: string
  /** URI of the occurrence; the request's path unless told. */
  readonly instance?: string
  /** Figures of the refusal; `field` and `rule` name what is wrong in the request. */
  readonly extensions?: { readonly [name: string]: Extension | undefined }
  /** Set: the same request may succeed after this time. */
  readonly retryAfterSeconds?: number
  readonly headers?: { readonly [name: string]: string }
  readonly cause?: unknown
}

/** A problem on its way to the caller: thrown or given to `sendProblem`. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly kind: string
  readonly status: number
  readonly title: string
  readonly options: ProblemOptions
  constructor(kind: string, problem: Problem, options: ProblemOptions = {}) {
    super(options.detail ?? problem.title, { cause: options.cause })
    this.kind = kind
    this.status = problem.status
    this.title = problem.title
    this.options = options
  }
}

/** The problems that every door knows. */
export const COMMON_PROBLEMS = {
  unavailable: { status: 503, title: 'The service cannot answer now; try again' },
  'too-large': { status: 413, title: 'The request is larger than this door takes' },
  malformed: { status: 400, title: 'The request does not follow its schema' },
  unauthenticated: { status: 401, title: 'The request carries no valid token' },
  'not-allowed': { status: 403, title: 'The caller may not do this' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'unsupported-media-type': { status: 415, title: 'The content type is not taken here' },
  'idempotency-key-invalid': { status: 400, title: 'The Idempotency-Key has another form' },
  'idempotency-key-reused': { status: 422, title: 'The key stands for another request' },
  internal: { status: 500, title: 'The service failed; the operator was told' },
} as const satisfies Record<string, Problem>

export type CommonKind = keyof typeof COMMON_PROBLEMS

/**
 * A refusal of a noun as a problem: `problemReply('not-covered', PROBLEMS['not-covered'], { … })`.
 */
export function problemReply(
  kind: string,
  problem: Problem,
  options: ProblemOptions = {},
): HttpProblem {
  return new HttpProblem(kind, problem, options)
}

export function commonProblem(kind: CommonKind, options: ProblemOptions = {}): HttpProblem {
  return new HttpProblem(kind, COMMON_PROBLEMS[kind], options)
}

/** `unavailable`: nothing was stored, the same request may be sent again. */
export function unavailable(detail: string, retryAfterSeconds = 1): HttpProblem {
  return commonProblem('unavailable', { detail, retryAfterSeconds })
}

/**
 * The problem as JSON text, for a reply or for one line of a batch. Bigints become exact integers.
 */
export function problemJson(problem: HttpProblem, publicUrl: string, instance?: string): string {
  const { kind, status, title, options } = problem
  const members = {
    type: `${publicUrl}/problems/${kind}`,
    title,
    status,
    detail: options.detail,
    instance: options.instance ?? instance,
  }
  return JSON.stringify({ ...members, ...options.extensions, ...members }, (_, value: unknown) =>
    typeof value === 'bigint' ? JSON.rawJSON(`${value}`) : value,
  )
}

/** Answers with the problem. The query stays out of `instance`: it may hold what logs must not. */
export function sendProblem(reply: FastifyReply, problem: HttpProblem): FastifyReply {
  const { retryAfterSeconds, headers } = problem.options
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  if (headers !== undefined) reply.headers(headers)
  const path = reply.request.url.split('?', 1)[0] ?? '/'
  return reply
    .code(problem.status)
    .type(PROBLEM_CONTENT_TYPE)
    .serializer(String)
    .send(problemJson(problem, reply.server.publicUrl, path))
}
