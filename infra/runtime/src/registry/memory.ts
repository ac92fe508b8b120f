import type { Change, NumberedChange, RegistryLog } from './port.ts'

/** Changes in a list: for tests and `--memory`. */
export class MemoryRegistryLog implements RegistryLog {
  readonly #changes: NumberedChange[] = []

  async after(revision: number, limit: number): Promise<readonly NumberedChange[]> {
    return this.#changes.slice(revision, revision + limit)
  }

  async append(revision: number, change: Change): Promise<boolean> {
    if (revision !== this.#changes.length + 1) return false
    this.#changes.push({ revision, change })
    return true
  }
}
