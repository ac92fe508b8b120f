/**
 * Copies whose rows are handled as they arrive, in the memory that they arrive in: no row is copied
 * and none waits, since the connection reads on when the handler is done.
 */
import type { Client, Connection, Submittable } from 'pg'
import { BadRows, type EventRow, EventRows } from './event-rows.ts'

/** Ends when all events were told. Throws what the server or the handler says. */
export function copyEvents(
  client: Client,
  query: string,
  onEvent: (event: EventRow) => void,
): Promise<void> {
  const rows = new EventRows(onEvent)
  return copy(client, `copy (${query}) to stdout (format binary)`, {
    onChunk: chunk => rows.push(chunk),
    onEnd: () => rows.finish(),
  })
}

/** A row of COPY in text, over the bytes of its chunk; valid for the time of the call. */
export class Line {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get text(): string {
    return this.bytes.toString('utf8', this.start, this.end)
  }
}

/**
 * Tells each row as PostgreSQL writes it in text: columns with tabs between them, `\N` for null,
 * what would be ambiguous behind a backslash. @source PostgreSQL 18 manual, COPY, "Text Format"
 */
export function copyLines(
  client: Client,
  query: string,
  onLine: (line: Line) => void,
): Promise<void> {
  let rest: Buffer = NOTHING
  return copy(client, `copy (${query}) to stdout`, {
    onChunk: chunk => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let start = 0
      for (;;) {
        const end = bytes.indexOf(NEWLINE, start)
        if (end === -1) break
        onLine(new Line(bytes, start, end))
        start = end + 1
      }
      rest = start === bytes.length ? NOTHING : Buffer.from(bytes.subarray(start))
    },
    onEnd: () => {
      if (rest.length > 0) throw new BadRows('the rows break off')
    },
  })
}

const NOTHING = Buffer.alloc(0)
const NEWLINE = 0x0a

/** A chunk is whole rows: the server sends each in a message of its own. */
type Handlers = { readonly onChunk: (chunk: Buffer) => void; readonly onEnd: () => void }

function copy(client: Client, text: string, handlers: Handlers): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.query(new Copy(text, { ...handlers, resolve, reject }))
  return promise
}

type Settled = { readonly resolve: () => void; readonly reject: (cause: unknown) => void }

/** What `pg` asks of a query of another kind. */
class Copy implements Submittable {
  readonly #text: string
  readonly #handlers: Handlers & Settled
  #failed = false

  constructor(text: string, handlers: Handlers & Settled) {
    this.#text = text
    this.#handlers = handlers
  }

  submit(connection: Connection): void {
    connection.query(this.#text)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.#try(() => this.#handlers.onChunk(chunk))
  }

  handleCommandComplete(): void {
    this.#try(() => this.#handlers.onEnd())
  }

  handleReadyForQuery(): void {
    this.#handlers.resolve()
  }

  handleError(error: Error): void {
    this.#failed = true
    this.#handlers.reject(error)
  }

  /** After the first failure the rest of the rows is passed over. */
  #try(work: () => void): void {
    if (this.#failed) return
    try {
      work()
    } catch (cause) {
      this.#failed = true
      this.#handlers.reject(cause)
    }
  }
}
