/** What packs ask of a claim, and which attribute lifts which refusal. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import { gapOf } from '@tongchou/contracts/reference/packs.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { KINDS, LEVELS } from '../facts.ts'
import { loadPolicy } from '../load.ts'
import { PACK, TABLE } from '../testing/samples.ts'
import { attributesAsked } from './attributes.ts'
import { publishedGaps } from './gaps.ts'

const PACKS = new URL('../../../../../contracts/policies/packs/', import.meta.url)

function packNamed(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, PACKS), 'utf8'))
}

function loaded(document: unknown) {
  const pack = loadPolicy(document)
  assert(pack.ok, 'the pack loads')
  return pack
}

function asked(document: unknown): Readonly<Record<string, string>> {
  const pack = loaded(document)
  return Object.fromEntries(
    attributesAsked(pack.document, pack.plan).map(({ name, from, kind, values }) => [
      name,
      [from, kind, ...values].join(' '),
    ]),
  )
}

type Place = { readonly kind: string; readonly status: string; readonly level: string | null }

/** The refusal of the door. */
function gapIn(document: unknown, place: Place, attributes: Record<string, string> = {}) {
  const { plan, document: whole } = loaded(document)
  const days = { effectiveFrom: businessDate('2025-01-01'), effectiveTo: null }
  const pack = { packHash: plan.hash, regionCode: '110100', scheme: 'resident', ...days } as const
  const told = { cannotCompute: publishedGaps(plan), attributes: attributesAsked(whole, plan) }
  return gapOf({ ...pack, ...told }, { ...place, attributes })
}

describe('what a pack asks for', () => {
  test('is told with who says it and what it looks like', () => {
    assert.deepEqual(asked(packNamed('P03-resident')), {
      basicHandedOver: 'claim flag false true',
      basicPaidFen: 'claim amount',
      carriedFen: 'account amount',
      episode: 'claim text',
      episodeDeductibleFen: 'account amount',
      noClaimYears: 'account number',
      reformedHospital: 'claim flag false true',
      registered: 'registered flag false true',
      category: 'claim text',
      disease: 'claim text',
    })
    assert.equal(asked(packNamed('P04'))['premiumPaidOn'], 'premiumPaidOn date')
  })

  test('is nothing for a table', () => {
    assert.deepEqual(asked(TABLE), {})
  })

  test('has the words of its rules, unless a rule answers every word', () => {
    const rate = (fundBp: number) => ({ fundBp, clause: 'C1' })
    const by = 'attribute.special'
    const of = { poor: rate(9000), rich: rate(8000) }
    const withRule = (rule: object): unknown => ({
      ...PACK,
      attributes: { special: { default: null, means: { en: 'kind', zh: '类别' } } },
      benefits: {
        ...PACK.benefits,
        inpatient: {
          ...PACK.benefits.inpatient,
          layers: [
            { id: 'pooled', payer: 'pooled', of: 'aboveDeductible', bands: [{ rate: rule }] },
          ],
        },
      },
    })
    assert.equal(asked(withRule({ by, of }))['special'], 'claim text poor rich')
    assert.equal(asked(withRule({ by, of, else: rate(7000) }))['special'], 'claim text')
    const stay = { kind: 'inpatient', status: 'active', level: 'tier1' }
    assert.notEqual(gapIn(withRule({ by, of }), stay), undefined)
    assert.equal(gapIn(withRule({ by, of }), stay, { special: 'poor' }), undefined)
    assert.equal(gapIn(withRule({ by, of, else: rate(7000) }), stay), undefined)
  })
})

describe('a refusal of the door', () => {
  const adult = { kind: 'inpatient', status: 'adult', level: 'community' }

  /** @source P04-R23 */
  test('of an adult’s stay under P04 ends with the day of the premium; a child has none', () => {
    assert.match(gapIn(packNamed('P04'), adult) ?? '', /premium/)
    assert.equal(gapIn(packNamed('P04'), { ...adult, status: 'child' }), undefined)
    assert.equal(gapIn(packNamed('P04'), adult, { premiumPaidOn: '2025-01-01' }), undefined)
    assert.equal(gapIn(packNamed('P04'), adult, { waitingOver: 'true' }), undefined)
  })

  test('of a stay under P03 ends when basic insurance hands its payment over', () => {
    const pack = packNamed('P03-resident')
    const stay = { kind: 'inpatient', status: 'adult', level: 'tier3' }
    assert.match(gapIn(pack, stay) ?? '', /basic insurance/)
    assert.match(gapIn(pack, stay, { basicHandedOver: 'true' }) ?? '', /paid/)
    assert.notEqual(gapIn(pack, stay, { basicPaidFen: '1' }), undefined)
    const both = { basicHandedOver: 'true', basicPaidFen: '1' }
    assert.equal(gapIn(pack, stay, both), undefined)
  })

  test('of a stay under P05 ends with the excess, or where nobody is enrolled', () => {
    const stay = { kind: 'inpatient', status: 'active', level: 'tier3' }
    assert.notEqual(gapIn(packNamed('P05'), stay), undefined)
    assert.equal(gapIn(packNamed('P05'), stay, { excessFen: '1' }), undefined)
    assert.equal(gapIn(packNamed('P05'), stay, { supplementEnrolled: 'false' }), undefined)
    assert.notEqual(
      gapIn(packNamed('P05'), { ...stay, kind: 'pharmacy' }, { excessFen: '1' }),
      undefined,
    )
  })

  test('stands wherever the pack cannot compute without attributes', () => {
    for (const name of ['P01', 'P02', 'P03-employee', 'P03-resident', 'P04', 'P05', 'P16']) {
      const document = packNamed(name)
      const { plan, cannotCompute } = loaded(document as PolicyDocument)
      for (const kind of KINDS) {
        for (const status of plan.statuses) {
          for (const level of kind === 'pharmacy' ? [null] : LEVELS) {
            const old = cannotCompute.some(
              gap =>
                gap.kind === kind &&
                (gap.status === '*' || gap.status === status) &&
                (gap.level === '*' || gap.level === level),
            )
            const refused = gapIn(document, { kind, status, level }) !== undefined
            assert(refused || !old, `${name} ${kind} ${status} ${level}`)
          }
        }
      }
    }
  })
})
