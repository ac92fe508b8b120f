/** What the client was told: it must hold whatever dies, and be told again in the same words. */

export type ClaimRecord = Readonly<Record<string, unknown>> & {
  readonly claimNo: string
  readonly institutionCode: string
  readonly personNo: string
}

export type Answer = { readonly claimId: string; readonly state: string }

export type Told = {
  readonly claim: ClaimRecord
  readonly claimId: string
  readonly state: string
  readonly text: string
  /** Why it was reversed; null when it was not. */
  readonly reason: string | null
}

export class Ledger {
  readonly #claims = new Map<string, Told>()
  readonly #windows = new Map<number, string>()
  readonly #persons = new Set<string>()
  /** Each is a broken promise. */
  readonly faults: string[] = []

  get claims(): readonly Told[] {
    return [...this.#claims.values()]
  }

  get windows(): ReadonlyMap<number, string> {
    return this.#windows
  }

  get persons(): readonly string[] {
    return [...this.#persons]
  }

  /** A claim that is answered is told in the same words for ever; one under way may go on. */
  submitted(claim: ClaimRecord, answer: Answer): void {
    const key = keyOf(claim)
    const text = JSON.stringify(answer)
    const before = this.#claims.get(key)
    if (before !== undefined && before.state !== 'submitted' && before.text !== text) {
      this.faults.push(`${key}: ${before.text} became ${text}`)
    }
    const { claimId, state } = answer
    this.#claims.set(key, { claim, claimId, state, text, reason: before?.reason ?? null })
  }

  reversed(claim: ClaimRecord, reason: string, answer: Answer): void {
    const key = keyOf(claim)
    const { claimId, state } = answer
    const before = this.#claims.get(key)
    const text = JSON.stringify(answer)
    if (before?.reason === reason && before.text !== text) {
      this.faults.push(`reversal of ${key}: ${before.text} became ${text}`)
    }
    if (state !== 'reversed' && state !== 'withdrawn') this.faults.push(`${key} stays ${state}`)
    this.#claims.set(key, { claim, claimId, state, text, reason })
  }

  window(windowNo: number, text: string): void {
    const before = this.#windows.get(windowNo)
    if (before !== undefined && before !== text) {
      this.faults.push(`window ${windowNo}: ${before} became ${text}`)
    }
    this.#windows.set(windowNo, text)
  }

  enrolled(personNo: string): void {
    this.#persons.add(personNo)
  }
}

export function keyOf({ institutionCode, claimNo }: ClaimRecord): string {
  return `${institutionCode}/${claimNo}`
}
