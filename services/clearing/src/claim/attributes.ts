/**
 * The further facts of a claim that the policy of the insured region asks for: some are sent with
 * the claim, some the person's coverage tells. What no pack asks for is refused, not kept.
 */
import type { AttributeAsked } from '@tongchou/contracts/events.generated.ts'
import type { CoverageFacts, CoveragePeriod } from '@tongchou/contracts/reference/coverage.ts'
import { diseasesOn, isRegistered } from '@tongchou/contracts/reference/diseases.ts'
import {
  encodeInsuredYears,
  INSURED_YEARS,
  insuredSince,
  insuredYears,
} from '@tongchou/contracts/reference/insured-years.ts'
import { isBusinessDate, yearOf } from '@tongchou/contracts/time.ts'
import type { Attributes, ParsedClaim } from './parse.ts'

export type AttributeRefusal = {
  readonly kind: 'attribute-not-asked' | 'attribute-malformed' | 'attribute-contradicts'
  readonly field: string
  readonly rule: string
}

export type Insured = {
  readonly coverage: CoverageFacts
  /** The period that covers the begin date. */
  readonly period: CoveragePeriod
}

const NONE: Attributes = {}

/**
 * What the claim carries to the benefit account, or the first refusal. `ofClaim` is a parsed claim
 * without names that a record has from its prototype.
 */
export function attributesFor(
  claim: Pick<ParsedClaim, 'attributes' | 'beginOn' | 'endOn'>,
  asked: readonly AttributeAsked[],
  insured: Insured,
): { readonly attributes: Attributes } | AttributeRefusal {
  const refused = refusalOf(claim.attributes, asked)
  if (refused !== null) return refused
  if (asked.length === 0) return { attributes: NONE }
  const attributes: Record<string, string> = { ...claim.attributes }
  for (const { name, from } of asked) {
    if (from === 'claim' || from === 'account') continue
    const told = toldBy(from, claim, insured)
    if (told === null) continue
    const sent = attributes[name]
    if (sent !== undefined && sent !== told) {
      const rule = `as enrolled: ${told}`
      return { kind: 'attribute-contradicts', field: `attributes.${name}`, rule }
    }
    attributes[name] = told
  }
  if (asked.some(({ from }) => from === 'account')) {
    const years = insuredYears(insured.coverage, yearOf(claim.endOn))
    attributes[INSURED_YEARS] = encodeInsuredYears(years)
  }
  return { attributes }
}

function refusalOf(sent: Attributes, asked: readonly AttributeAsked[]): AttributeRefusal | null {
  for (const name in sent) {
    const field = `attributes.${name}`
    const known = asked.find(attribute => attribute.name === name)
    if (known === undefined) {
      const names = asked.filter(({ from }) => from !== 'account').map(one => one.name)
      const rule = names.length === 0 ? 'the pack asks for none' : `one of ${names.join(', ')}`
      return { kind: 'attribute-not-asked', field, rule }
    }
    if (known.from === 'account') {
      return { kind: 'attribute-not-asked', field, rule: 'drawn from the years of the account' }
    }
    const rule = ruleBroken(known, sent[name] ?? '')
    if (rule !== null) return { kind: 'attribute-malformed', field, rule }
  }
  return null
}

/** Exact as an integer, in fen or as a number of something. */
const WHOLE_NUMBER = /^(0|[1-9]\d{0,14})$/

function ruleBroken({ kind, values }: AttributeAsked, value: string): string | null {
  switch (kind) {
    case 'amount':
      return WHOLE_NUMBER.test(value) ? null : 'an amount in fen, a whole number from 0'
    case 'number':
      return WHOLE_NUMBER.test(value) ? null : 'a whole number from 0'
    case 'date':
      return isBusinessDate(value) ? null : 'a day, YYYY-MM-DD'
    case 'flag':
    case 'text':
      return values.length === 0 || values.includes(value) ? null : `one of ${values.join(', ')}`
  }
}

/** The attribute by which a claim says for which disease it is, where the pack asks for it. */
const DISEASE = 'disease'

/** What is registered counts on the last day of the claim. */
function toldBy(
  from: Exclude<AttributeAsked['from'], 'claim' | 'account'>,
  { attributes, beginOn, endOn }: Pick<ParsedClaim, 'attributes' | 'beginOn' | 'endOn'>,
  { coverage, period }: Insured,
): string | null {
  switch (from) {
    case 'insuredSince':
      return insuredSince(coverage, beginOn)
    case 'premiumPaidOn':
      return period.premiumPaidOn ?? null
    case 'registered':
      return String(isRegistered(coverage, attributes[DISEASE] ?? null, endOn))
    case 'diseases':
      return diseasesOn(coverage, endOn).join(';') || null
  }
}
