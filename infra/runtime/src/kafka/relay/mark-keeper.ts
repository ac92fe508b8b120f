/** Writes marks behind what is sent, one at a time. Sending never waits for them. */
import { errorFrom } from '../../service/fault.ts'
import type { Marks, RelayMarks } from './marks.ts'

export class MarkKeeper {
  readonly #marks: RelayMarks
  readonly #everyMs: number
  readonly #onWritten: () => void
  /** Of the lease under which is written; what is left of an older one counts no more. */
  #epoch = 0
  #saved = 0n
  #dueAtMs = 0
  #writing: Promise<void> | null = null
  #fault: Error | null = null

  constructor(marks: RelayMarks, everyMs: number, onWritten: () => void) {
    this.#marks = marks
    this.#everyMs = everyMs
    this.#onWritten = onWritten
  }

  /** Where the relay begins under a lease just taken. */
  async load(epoch: number): Promise<Marks> {
    const marks = await this.#marks.load(epoch)
    this.#epoch = epoch
    this.#saved = marks.position
    this.#fault = null
    return marks
  }

  /** When the next one is due; null while there is nothing to write or one is on its way. */
  dueAtMs(position: bigint | null): number | null {
    const nothing = position === null || position === this.#saved || this.#writing !== null
    return nothing ? null : this.#dueAtMs
  }

  /** Throws what the last write failed with: Fault `fenced` when a newer epoch has loaded. */
  throwFault(): void {
    const fault = this.#fault
    this.#fault = null
    if (fault !== null) throw fault
  }

  /** Writes them when one is due. */
  writeDue(marks: Marks, now: number): void {
    const dueAtMs = this.dueAtMs(marks.position)
    if (dueAtMs === null || now < dueAtMs) return
    const epoch = this.#epoch
    this.#dueAtMs = now + this.#everyMs
    const written = (): void => {
      if (this.#epoch === epoch) this.#saved = marks.position
    }
    const failed = (error: unknown): void => {
      if (this.#epoch === epoch) this.#fault = errorFrom(error)
    }
    this.#writing = this.#marks
      .save(marks, epoch)
      .then(written, failed)
      .finally(() => {
        this.#writing = null
        this.#onWritten()
      })
  }

  /** At once: what is told next is known whatever happens. */
  async write(marks: Marks): Promise<void> {
    await this.#writing
    await this.#marks.save(marks, this.#epoch)
    this.#saved = marks.position
  }

  /** The last one, when all is sent. */
  async finish(marks: Marks): Promise<void> {
    await this.#writing
    if (marks.position !== this.#saved) await this.#marks.save(marks, this.#epoch)
  }
}
