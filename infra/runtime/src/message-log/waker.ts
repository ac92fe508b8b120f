/**
 * Lets a loop sleep until something happens or time runs out. A wake between two sleeps is not
 * lost.
 */
export class Waker {
  #pending = false
  #wake: (() => void) | null = null

  wake(): void {
    if (this.#wake === null) this.#pending = true
    else this.#wake()
  }

  async sleep(ms: number): Promise<void> {
    if (this.#pending || ms <= 0) {
      this.#pending = false
      return
    }
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
    this.#pending = false
  }
}
