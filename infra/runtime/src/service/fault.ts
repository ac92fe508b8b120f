/** The world failed: thrown, never returned; caught only in a route or a consumer loop. */
export type FaultCode =
  | 'unavailable' // the store or log does not answer; nothing is known to be lost
  | 'fenced' // another holder has the lease
  | 'hole' // a position is missing: corruption, never passed over
  | 'incarnation' // the producer's store is another one than before
  | 'altered' // same event ids, other bytes
  | 'contended' // too many conflicts on one stream
  | 'overloaded' // a queue is full
  | 'newer-schema' // written by newer code: pause, park nothing
  | 'too-large' // more at once than the log takes
  | 'timeout'

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly retryable: boolean
  constructor(
    code: FaultCode,
    message: string,
    options?: { cause?: unknown; retryable?: boolean },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options?.retryable ?? RETRYABLE.has(code)
  }
}

const RETRYABLE: ReadonlySet<FaultCode> = new Set([
  'unavailable',
  'contended',
  'overloaded',
  'timeout',
])

/** What was thrown, as an Error. */
export function errorFrom(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
