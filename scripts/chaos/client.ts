/** A hospital's patience: every request is sent until it is answered, and every answer is kept. */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher, request } from 'undici'
import type { Instance } from '../cli/instance.ts'
import type { Answer, ClaimRecord, Ledger } from './ledger.ts'
import { keyOf } from './ledger.ts'

const ANSWER_MS = 180_000
const PAUSE_MS = 150
const NO_ANSWER = { status: 504, text: 'no answer' }

type Sent = {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly body?: unknown
  readonly waitS?: number
}

type Reply = { readonly status: number; readonly text: string }
type Tokens = { readonly service: string; readonly centre: string }

export type ClientOptions = {
  readonly instance: Instance
  /** Of clearing: any of them gives the same answers. Taken in turn. */
  readonly doors: readonly string[]
  readonly ledger: Ledger
  readonly tokens: Tokens
}

export class Client {
  readonly #instance: Instance
  readonly #doors: readonly string[]
  readonly #ledger: Ledger
  readonly #tokens: Tokens
  readonly #agent = new Agent({ connections: 64 })
  #turn = 0

  constructor({ instance, doors, ledger, tokens }: ClientOptions) {
    this.#instance = instance
    this.#doors = doors
    this.#ledger = ledger
    this.#tokens = tokens
  }

  async submit(claim: ClaimRecord, waitS: number): Promise<void> {
    const url = this.#door('/v1/claims')
    const { status, text } = await this.#answered({ url, body: claim, waitS })
    if (status >= 300) return this.#fault(`${keyOf(claim)} was refused: ${text}`)
    this.#ledger.submitted(claim, JSON.parse(text) as Answer)
  }

  /** Sends the whole batch again until each line has an answer. */
  async submitAll(claims: readonly ClaimRecord[], waitS = 20): Promise<void> {
    const end = Date.now() + ANSWER_MS
    for (;;) {
      const open = await this.#lines(claims, waitS).catch(() => claims.length)
      if (open === 0) return
      if (Date.now() > end) return this.#fault(`${open} lines of a batch stay unanswered`)
      await sleep(PAUSE_MS)
    }
  }

  async reverse(claim: ClaimRecord, claimId: string, reason: string): Promise<void> {
    const url = this.#door(`/v1/claims/${claimId}/reversal`)
    const { status, text } = await this.#answered({ url, body: { reason } })
    if (status >= 300) return this.#fault(`reversal of ${keyOf(claim)} was refused: ${text}`)
    this.#ledger.reversed(claim, reason, JSON.parse(text) as Answer)
  }

  /** Closes a window, and keeps its rows once they are there. */
  async closeWindow(label: string): Promise<void> {
    const closed = await this.#answered({ url: this.#door('/v1/windows'), body: { label } })
    if (closed.status >= 300) return this.#fault(`a window was refused: ${closed.text}`)
    await this.readWindow((JSON.parse(closed.text) as { windowNo: number }).windowNo)
  }

  async readWindow(windowNo: number): Promise<void> {
    const url = this.#door(`/v1/windows/${windowNo}`)
    const { text } = await this.#answered({ url, method: 'GET', waitS: 30 })
    if (!text.includes('"status":"netted"')) return this.#fault(`window ${windowNo}: ${text}`)
    this.#ledger.window(windowNo, text)
  }

  async enrol(person: { readonly personNo: string }): Promise<void> {
    const url = `${this.#instance.urlOf('enrollment')}/v1/persons`
    const { status, text } = await this.#answered({ url, body: person })
    if (status >= 300) return this.#fault(`${person.personNo} was refused: ${text}`)
    this.#ledger.enrolled(person.personNo)
  }

  async readPerson(personNo: string): Promise<void> {
    const url = `${this.#instance.urlOf('enrollment')}/v1/persons/${personNo}`
    const { status, text } = await this.#answered({ url, method: 'GET' })
    if (status !== 200) this.#fault(`${personNo} is gone: ${text}`)
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  #door(path: string): string {
    this.#turn += 1
    return `${this.#doors[this.#turn % this.#doors.length]}${path}`
  }

  #fault(text: string): void {
    this.#ledger.faults.push(text)
  }

  /** Number of lines that have no answer yet. Throws when the connection breaks. */
  async #lines(claims: readonly ClaimRecord[], waitS: number): Promise<number> {
    const body = claims.map(claim => `${JSON.stringify(claim)}\n`).join('')
    const reply = await this.#send({ url: this.#door('/v1/claims:batch'), body, waitS })
    if (reply.statusCode !== 200) {
      if (reply.statusCode !== 503) this.#fault(`a batch: ${await reply.body.text()}`)
      else await reply.body.dump()
      return claims.length
    }
    let open = claims.length
    for await (const text of createInterface({ input: reply.body })) {
      const { line, ok, answer, problem } = JSON.parse(text)
      const claim = claims[line - 1]
      if (claim === undefined) continue
      if (ok) this.#ledger.submitted(claim, answer)
      else if (problem.status === 503) continue
      else this.#fault(`${keyOf(claim)} was refused: ${text}`)
      open -= 1
    }
    return open
  }

  async #answered(sent: Sent): Promise<Reply> {
    const end = Date.now() + ANSWER_MS
    for (let reply: Reply | null = null; ; await sleep(PAUSE_MS)) {
      reply = await this.#once(sent).catch(() => null)
      if (reply !== null && reply.status !== 503) return reply
      if (Date.now() > end) return reply ?? NO_ANSWER
    }
  }

  async #once(sent: Sent): Promise<Reply> {
    const { statusCode, body } = await this.#send(sent)
    return { status: statusCode, text: await body.text() }
  }

  #send({ url, method, body, waitS = 0 }: Sent): Promise<Dispatcher.ResponseData> {
    const lines = typeof body === 'string'
    const centre = url.includes('/v1/windows') || url.includes('/v1/persons')
    return request(url, {
      method: method ?? 'POST',
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${centre ? this.#tokens.centre : this.#tokens.service}`,
        ...(body === undefined
          ? {}
          : { 'content-type': lines ? 'application/x-ndjson' : 'application/json' }),
        prefer: `wait=${waitS}`,
      },
      ...(body === undefined ? {} : { body: lines ? body : JSON.stringify(body) }),
      headersTimeout: 90_000,
      bodyTimeout: 90_000,
    })
  }
}
