/** The package has no types of its own; only what is used here. */
declare module 'pg-copy-streams' {
  import type { Readable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** A `copy … to stdout` statement whose bytes come as a stream. */
  export function to(text: string): Readable & Submittable
}
