/**
 * A copy whose rows are handled as they arrive, in the memory that they arrive in: no row is copied
 * and none waits, since the connection reads on when the handler is done.
 */
import type { Client, Connection, Submittable } from 'pg'
import { type EventRow, EventRows } from './event-rows.ts'

/** Ends when all events were told. Throws what the server or the handler says. */
export function copyEvents(
  client: Client,
  query: string,
  onEvent: (event: EventRow) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.query(
    new CopyEvents(`copy (${query}) to stdout (format binary)`, { onEvent, resolve, reject }),
  )
  return promise
}

type Handlers = {
  readonly onEvent: (event: EventRow) => void
  readonly resolve: () => void
  readonly reject: (cause: unknown) => void
}

/** What `pg` asks of a query of another kind. */
class CopyEvents implements Submittable {
  readonly #text: string
  readonly #handlers: Handlers
  readonly #rows: EventRows
  #failed = false

  constructor(text: string, handlers: Handlers) {
    this.#text = text
    this.#handlers = handlers
    this.#rows = new EventRows(handlers.onEvent)
  }

  submit(connection: Connection): void {
    connection.query(this.#text)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.#try(() => this.#rows.push(chunk))
  }

  handleCommandComplete(): void {
    this.#try(() => this.#rows.finish())
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
