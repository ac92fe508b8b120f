/**
 * Finds the figures that a text of a city's file states, with what they are about: "职工住院起付线：
 * 一级200元" states a deductible of 20,000 fen for employees' stays at tier 1.
 */
import type { CityLevel } from '@tongchou/contracts/city/city-document.ts'
import type { Scheme } from '../../facts.ts'
import { type Token, tokensOf } from './tokens.ts'

export type Block = 'outpatient' | 'inpatient' | 'catastrophic'
export type What = 'deductible' | 'rate' | 'bonus' | 'cap'
export type Status = 'active' | 'retired'

/**
 * `low` and `high` are fen, or basis points for a rate and a bonus; they differ where a range
 * stands. Null: the text does not say.
 */
export type Statement = {
  readonly scheme: Scheme | null
  readonly block: Block | null
  readonly what: What
  readonly status: Status | null
  readonly levels: readonly CityLevel[] | null
  readonly low: bigint
  readonly high: bigint
}

export type Subject = {
  readonly scheme: Scheme | null
  readonly block: Block | null
  readonly what: What | null
}

/** All figures of a text whose meaning its words make clear; others are left out. */
export function statementsOf(text: string, about: Subject): readonly Statement[] {
  const reader = new TextReader(about)
  for (const sentence of text.split('。')) {
    reader.beginSentence()
    for (const token of tokensOf(sentence)) reader.take(token)
  }
  return reader.found
}

/** Words set what the next figures are about, until other words do. */
class TextReader {
  readonly found: Statement[] = []
  #scheme: Scheme | null
  #block: Block | null
  #money: What | null
  #mark = ''
  #clauseBegins = false
  /** Groups of levels with figures since the last semicolon. */
  #groups = 0
  #status: Status | null = null
  #levels: readonly CityLevel[] | null = null
  #levelsUsed = false
  /** Levels in the order in which the last list of figures named them. */
  #order: (readonly CityLevel[])[] = []
  #next: number | null = null
  #raised = false
  #muted = false
  /** The levels just named have no deductible; another level may follow. */
  #without = false
  #outside: Status | null = null
  readonly #about: Subject

  constructor(about: Subject) {
    this.#scheme = about.scheme
    this.#block = about.block
    this.#money = about.what
    this.#about = about
  }

  /** Scheme and kind of care go on from sentence to sentence, all else begins anew. */
  beginSentence(): void {
    this.#money = this.#about.what
    this.#mark = ''
    this.#clauseBegins = false
    this.#status = null
    this.#order = []
    this.#raised = false
    this.#muted = false
    this.#forgetLevels()
  }

  take(token: Token): void {
    switch (token.kind) {
      case 'scheme':
        this.#turnToScheme(token.scheme)
        break
      case 'block':
        this.#block = token.block
        break
      case 'what':
        this.#turnTo(token.what)
        break
      case 'status':
        this.#speakOf(token.status)
        break
      case 'level':
        this.#at(token.levels)
        break
      case 'pause':
        this.#pause(token.mark)
        break
      case 'figure':
        this.#state(token)
        break
      default:
        this.#turnAt(token.kind)
    }
  }

  #turnAt(word: 'without' | 'respectively' | 'raised' | 'other'): void {
    if (word === 'without') this.#haveNone()
    if (word === 'respectively') {
      this.#next = 0
      this.#raised = false
    }
    if (word === 'raised') this.#raised = true
    if (word === 'other') this.#muted = true
  }

  /** 一级及以下免起付线: a deductible of 0 where levels are named. */
  #haveNone(): void {
    this.#money = 'deductible'
    this.#without = true
    const levels = this.#levels
    if (levels === null || this.#levelsUsed) return
    this.found.push({ ...this.#subject(), what: 'deductible', levels, low: 0n, high: 0n })
  }

  #turnToScheme(scheme: Scheme | null): void {
    if (this.#scheme !== null && this.#scheme !== scheme) this.#forgetLevels()
    this.#scheme = scheme
    this.#status = null
  }

  /**
   * A rate may stand beside the money of the same level: 一级300元（报销80%）; behind a list of levels
   * and a comma it is one for all.
   */
  #turnTo(what: What): void {
    const beside = what === 'rate' && (this.#mark !== '，' || this.#groups < 2)
    if (this.#levelsUsed && !beside) this.#levels = null
    if (what !== 'rate') this.#money = what
    this.#raised = false
  }

  #speakOf(status: Status): void {
    this.#clauseBegins = false
    this.#status = status
    if (this.#scheme === null) this.#scheme = 'employee'
    this.#raised = false
  }

  /** A clause that begins with a level speaks no longer of the retirees before it. */
  #at(levels: readonly CityLevel[]): void {
    if (this.#clauseBegins) this.#status = null
    this.#next = null
    if (this.#levelsUsed || this.#levels === null) {
      if (this.#levelsUsed && this.#levels === null) this.#order = []
      this.#levels = levels
    } else {
      this.#levels = [...this.#levels, ...levels]
    }
    this.#levelsUsed = false
  }

  #forgetLevels(): void {
    this.#groups = 0
    this.#levels = null
    this.#levelsUsed = true
    this.#next = null
  }

  #pause(mark: string): void {
    this.#mark = mark
    if (mark === '、' && this.#without) this.#levelsUsed = true
    this.#without = false
    if (mark === '（') {
      this.#outside = this.#status
      this.#raised = false
    }
    if (mark === '）') {
      this.#status = this.#outside
      this.#raised = false
      this.#muted = false
    }
    if (mark === '；' || mark === '，') {
      this.#clauseBegins = true
      this.#next = null
      this.#raised = false
      this.#muted = false
    }
    if (mark === '；') this.#forgetLevels()
  }

  #state({ unit, low, high }: Token & { kind: 'figure' }): void {
    if (this.#muted) return
    const what = this.#meaning(unit)
    if (what === null) return
    const levels = this.#levelsOfNext()
    this.#mark = ''
    const { scheme, block, status } = this.#subject()
    this.found.push({ scheme, block, what, status, levels, low, high })
  }

  #subject(): Pick<Statement, 'scheme' | 'block' | 'status'> {
    return { scheme: this.#scheme, block: this.#block, status: this.#status }
  }

  /** Money is a deductible or a cap, per cent a rate; points on top only of what retirees get. */
  #meaning(unit: 'yuan' | 'percent'): What | null {
    if (unit === 'percent') {
      if (this.#raised) return this.#status === 'retired' ? 'bonus' : null
      return this.#block === 'catastrophic' ? null : 'rate'
    }
    return this.#money
  }

  #levelsOfNext(): readonly CityLevel[] | null {
    if (this.#next !== null && this.#order.length > 1) {
      const levels = this.#order[this.#next]
      this.#next += 1
      if (levels !== undefined) return levels
    }
    if (this.#levels !== null && !this.#levelsUsed) {
      this.#order.push(this.#levels)
      this.#groups += 1
    }
    this.#levelsUsed = true
    return this.#raised ? null : this.#levels
  }
}
