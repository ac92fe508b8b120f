import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { factsOfClaim } from '../account/facts.ts'
import { explain } from '../policy/adjudicate.ts'
import { KINDS } from '../policy/facts.ts'
import { loadPolicy } from '../policy/load.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { EMPTY_YEAR, totalsOf } from '../policy/totals.ts'
import { submittedWith } from '../testing/claims.ts'
import { INPUTS, money, percent } from './words.ts'

const PACKS = join(import.meta.dirname, '../../../../contracts/policies/packs')

function plans(): readonly Plan[] {
  return readdirSync(PACKS).flatMap(file => {
    if (!file.endsWith('.json')) return []
    const loaded = loadPolicy(JSON.parse(readFileSync(join(PACKS, file), 'utf8')))
    return loaded.ok && loaded.plan.scheme !== null ? [loaded.plan] : []
  })
}

/** Names of what the steps of large claims are computed from, under a pack that is in force. */
function namesIn({ effectiveFrom, effectiveTo, ...plan }: Plan): readonly string[] {
  const { scheme, statuses, region } = plan
  if (scheme === null) return []
  return KINDS.flatMap(kind =>
    statuses.flatMap(status => {
      const on = businessDate('2025-03-01')
      const facts = factsOfClaim(
        submittedWith({
          ...{ kind, scheme, status, useAccount: true, beginOn: on, endOn: on },
          ...(region === null ? {} : { insuredRegion: region }),
          ...{ inScopeFen: fen(90_000_000), firstShareFen: fen(1000), totalFen: fen(90_001_000) },
        }),
      )
      const whole = { ...plan, effectiveFrom: null, effectiveTo: null }
      const { steps } = explain(whole, facts, totalsOf(EMPTY_YEAR, fen(1_000_000)))
      return steps.flatMap(({ inputs }) => Object.keys(inputs))
    }),
  )
}

describe('words of explanations', () => {
  test('are there for whatever a step of any pack is computed from', () => {
    const all = plans()
    assert.ok(all.length > 5)
    const names = new Set(all.flatMap(namesIn))
    assert.ok(names.size > 10)
    assert.deepEqual(
      [...names].filter(name => INPUTS[name] === undefined),
      [],
    )
  })

  test('write amounts to the fen and rates without a float', () => {
    const amounts = [0, 5, -5, 123_456_789, -100_000].map(amount => money(amount, 'en'))
    assert.deepEqual(amounts, [
      ...['0.00 yuan', '0.05 yuan', '-0.05 yuan', '1,234,567.89 yuan', '-1,000.00 yuan'],
    ])
    assert.equal(money(100, 'zh'), '1.00 元')
    assert.deepEqual([8500, 8525, 8550, 10_000, 50, 0].map(percent), [
      ...['85 %', '85.25 %', '85.5 %', '100 %', '0.5 %', '0 %'],
    ])
  })
})
