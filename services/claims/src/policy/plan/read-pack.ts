/** Reads the language form (contracts/policies/pack.schema.json) into a plan. */

import { contributionOf } from '@tongchou/contracts/policy/dues/read.ts'
import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import {
  type Figures,
  leafOf,
  originOf,
  rateFigure,
  ruleOf,
} from '@tongchou/contracts/policy/rule/read-rule.ts'
import type { PackDocument } from '@tongchou/contracts/policy-document.ts'
import { isBusinessDate } from '@tongchou/contracts/time.ts'
import { personalAccountOf, riskReserveOf } from '../dues/read.ts'
import { KINDS } from '../facts.ts'
import { fundOf } from '../fund/read.ts'
import { guardsOf } from '../guards/read.ts'
import { benefitOf, countersOf } from '../layers/read.ts'
import { historyOf } from '../years/read.ts'
import type { Plan, Rate, Rule } from './plan.ts'

export function readPack(pack: PackDocument, hash: string, problems: Problem[]): Plan {
  const figures: Figures = { pack, problems }
  checkDocuments(figures)
  checkOtherNumbers(figures)
  checkPlace(figures)
  const { basedOn } = pack
  return {
    packId: pack.packId,
    hash,
    form: 'language',
    name: pack.name,
    scheme: pack.scheme,
    region: pack.region,
    effectiveFrom: dateOrNull(pack.effectiveFrom),
    effectiveTo: dateOrNull(pack.effectiveTo),
    statuses: pack.statuses,
    deemedFiledFor: new Set(pack.remote.deemedFiledFor),
    remoteFactor: remoteFactorOf(figures),
    benefits: {
      inpatient: benefitOf(pack.benefits.inpatient, 'benefits.inpatient', figures),
      outpatient: benefitOf(pack.benefits.outpatient, 'benefits.outpatient', figures),
      chronic: benefitOf(pack.benefits.chronic, 'benefits.chronic', figures),
      pharmacy: benefitOf(pack.benefits.pharmacy, 'benefits.pharmacy', figures),
    },
    counters: countersOf(figures),
    history: historyOf(figures),
    chronicOthers: chronicOthersOf(figures),
    personalAccount: personalAccountOf(figures),
    contribution: contributionOf(figures),
    riskReserve: riskReserveOf(figures),
    fund: fundOf(figures),
    guards: guardsOf(figures),
    supersedes: supersededBy(figures),
    basedOn: basedOn === undefined ? null : { packId: basedOn.packId, hash: basedOn.hash },
    assumptions: Object.values(pack.readings),
  }
}

function dateOrNull(value: string | null): Plan['effectiveFrom'] {
  return value !== null && isBusinessDate(value) ? value : null
}

function remoteFactorOf(figures: Figures): Rule<Rate> | null {
  const { factor } = figures.pack.remote
  return factor === null ? null : ruleOf(factor, 'remote.factor', figures, rateFigure)
}

function chronicOthersOf(figures: Figures): Rule<Rate> | null {
  const { chronicLimit } = figures.pack
  if (chronicLimit === undefined) return null
  return ruleOf(chronicLimit.othersShare, 'chronicLimit.othersShare', figures, rateFigure)
}

function supersededBy(figures: Figures): string | null {
  const { supersedes, packId } = figures.pack
  if (supersedes === undefined) return null
  originOf(supersedes, 'supersedes', figures)
  if (supersedes.packId === packId) {
    figures.problems.push(problem('supersedes.packId', 'supersedes-itself', packId))
  }
  return supersedes.packId
}

function checkDocuments({ pack, problems }: Figures): void {
  for (const [id, { document }] of Object.entries(pack.clauses)) {
    if (!Object.hasOwn(pack.documents, document)) {
      problems.push(problem(`clauses.${id}`, 'unknown-document', document))
    }
  }
}

/** A pack of no one scheme speaks of many: what it pays cannot be told from one benefit. */
function checkPlace({ pack, problems }: Figures): void {
  if (pack.scheme !== null) return
  for (const kind of KINDS) {
    if (pack.benefits[kind].missing === undefined) {
      problems.push(problem(`benefits.${kind}`, 'benefit-without-scheme', kind))
    }
  }
}

/**
 * They are not computed with, but are held to the same rule: a source for each, a reason for each
 * null.
 */
function checkOtherNumbers(figures: Figures): void {
  for (const [index, number] of figures.pack.otherNumbers.entries()) {
    leafOf(number, `otherNumbers.${index}`, figures, ({ value }) => value)
  }
}
