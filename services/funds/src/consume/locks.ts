/**
 * Work on a partition's streams, one after another within this process: consumers of several topics
 * share them.
 */
export class PartitionLocks {
  readonly #last = new Map<number, Promise<void>>()

  /**
   * Runs when everything asked before for any of the partitions is done; what fails holds up
   * nobody.
   */
  async run<T>(partitions: Iterable<number>, work: () => Promise<T>): Promise<T> {
    const wanted = new Set(partitions)
    const before = [...wanted].map(partition => this.#last.get(partition))
    const { promise: done, resolve } = Promise.withResolvers<void>()
    for (const partition of wanted) this.#last.set(partition, done)
    try {
      await Promise.all(before)
      return await work()
    } finally {
      resolve()
      for (const partition of wanted) {
        if (this.#last.get(partition) === done) this.#last.delete(partition)
      }
    }
  }
}
