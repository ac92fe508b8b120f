/**
 * Every difference between what came and what was expected; the first few are shown, all are
 * counted.
 */
export class Differences {
  readonly #shown: string[] = []
  readonly #counts = new Map<string, { checked: number; wrong: number }>()

  /** Compares field by field; `what` names the thing, `check` the row of the table. */
  compare(
    check: string,
    what: string,
    actual: Readonly<Record<string, unknown>>,
    expected: Readonly<Record<string, unknown>>,
  ): void {
    const wrong = Object.entries(expected).filter(([field, value]) => actual[field] !== value)
    const count = this.#counts.get(check) ?? { checked: 0, wrong: 0 }
    count.checked += 1
    if (wrong.length > 0) count.wrong += 1
    this.#counts.set(check, count)
    for (const [field, value] of wrong) {
      if (this.#shown.length < 40) {
        this.#shown.push(`${what}: ${field} is ${String(actual[field])}, expected ${String(value)}`)
      }
    }
  }

  get rows(): readonly (readonly [string, number, number])[] {
    return [...this.#counts].map(([check, { checked, wrong }]) => [check, checked, wrong])
  }

  get messages(): readonly string[] {
    return this.#shown
  }

  get none(): boolean {
    return [...this.#counts.values()].every(({ wrong }) => wrong === 0)
  }
}
