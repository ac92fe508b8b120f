/** A client that sends claims and remembers every answer it got: what must hold whatever dies. */
import { Readable } from 'node:stream'
import { request } from 'undici'
import { sendLines } from '../cli/http.ts'
import type { Instance } from '../cli/instance.ts'

export type ClaimRecord = {
  readonly claimNo: string
  readonly institutionCode: string
  readonly personNo: string
}

type Answer = { readonly claimId: string; readonly state: string }

export class Client {
  readonly #token: string
  readonly #url: string
  /** Answers by natural key; the last word on a claim that was still under way. */
  readonly acknowledged = new Map<string, string>()
  /** Claims whose second answer was another one. */
  readonly changed: string[] = []

  constructor(token: string, instance: Instance) {
    this.#token = token
    this.#url = `${instance.urlOf('clearing')}/v1/claims`
  }

  /** Lines of one stream; ends without an error when the connection breaks. */
  async sendBatch(claims: readonly ClaimRecord[]): Promise<number> {
    let answered = 0
    try {
      const lines = Readable.from(claims.map(claim => `${JSON.stringify(claim)}\n`))
      for await (const { line, ok, answer } of sendLines(
        `${this.#url}:batch`,
        this.#token,
        lines,
      )) {
        const claim = claims[line - 1]
        if (!ok || claim === undefined) continue
        this.#note(claim, answer as Answer)
        answered += 1
      }
    } catch {
      // The other side died: what was answered before counts.
    }
    return answered
  }

  /** One after the other, each waited for; ends when the connection breaks. */
  async sendSingles(claims: readonly ClaimRecord[]): Promise<number> {
    let answered = 0
    for (const claim of claims) {
      try {
        const { statusCode, body } = await request(this.#url, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${this.#token}`,
            'content-type': 'application/json',
            prefer: 'wait=10',
          },
          body: JSON.stringify(claim),
        })
        const answer = (await body.json()) as Answer
        if (statusCode >= 300) continue
        this.#note(claim, answer)
        answered += 1
      } catch {
        return answered
      }
    }
    return answered
  }

  #note(claim: ClaimRecord, answer: Answer): void {
    const key = `${claim.institutionCode}/${claim.claimNo}`
    const text = JSON.stringify(answer)
    const before = this.acknowledged.get(key)
    const wasOpen = before !== undefined && (JSON.parse(before) as Answer).state === 'submitted'
    if (before !== undefined && before !== text && !wasOpen) this.changed.push(key)
    this.acknowledged.set(key, text)
  }
}
