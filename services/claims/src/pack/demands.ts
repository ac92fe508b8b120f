/**
 * What published packs demand of one that is to be published. A pack with guards holds every pack
 * that takes effect in its days, of its own region and of all regions below it in the region code,
 * until a pack of its own region names it as superseded. A pack follows the one that is in force on
 * its first day.
 */
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import type { Problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { type BusinessDate, within } from '@tongchou/contracts/time.ts'
import type { Breach } from '../policy/guards/check.ts'
import { demandsOn } from '../policy/guards/demands.ts'
import type { Plan } from '../policy/plan/plan.ts'
import type { PackShelf } from './shelf.ts'

/** A pack with the place and the days that it is meant for, whoever named them. */
export type Candidate = {
  readonly plan: Plan
  readonly place: Pick<PackPublished, 'packHash' | 'regionCode' | 'effectiveFrom' | 'effectiveTo'>
  readonly poolResultFen: Fen | null
  /** Hash of the pack whose place it says it takes; null: it names none. */
  readonly supersedes: string | null
}

export type Demands = {
  readonly refusals: readonly Problem[]
  readonly warnings: readonly Breach[]
}

export function demandsOfShelf(shelf: PackShelf, candidate: Candidate): Demands {
  const { plan, place, poolResultFen, supersedes } = candidate
  const { packHash, regionCode, effectiveFrom: from } = place
  const before = plan.scheme === null ? undefined : shelf.inForce(regionCode, plan.scheme, from)
  const old = before?.packHash === packHash ? undefined : before
  const oldPlan = old === undefined ? undefined : shelf.planOf(old.packHash)
  const others = guardsOver(shelf, regionCode, from).filter(({ hash }) => hash !== packHash)
  const replaces =
    old === undefined || oldPlan === undefined
      ? undefined
      : {
          plan: placed(oldPlan, old),
          currentResultFen: poolResultFen,
          ...(supersedes === null ? {} : { isNamed: supersedes === old.packHash }),
        }
  const { breaches, succession } = demandsOn(placed(plan, place), others, replaces)
  const otherNamed = supersedes !== null && supersedes !== old?.packHash
  return {
    refusals: [
      ...breaches.filter(({ severity }) => severity === 'refusal'),
      ...succession,
      ...(otherNamed ? [problem('supersedes', 'supersedes-other', old?.packHash ?? 'none')] : []),
    ],
    warnings: [
      ...breaches.filter(({ severity }) => severity === 'warning'),
      ...brokenBelow(shelf, candidate),
    ],
  }
}

/**
 * What packs in force on the first day of a guard pack break of it: told, whatever its severity,
 * since they stay in force. `path` is in the other pack, which `found` names.
 */
function brokenBelow(shelf: PackShelf, { plan, place }: Candidate): readonly Breach[] {
  const { regionCode, effectiveFrom, packHash } = place
  if (plan.guards.length === 0) return []
  return shelf
    .all()
    .filter(pack => pack.packHash !== packHash && liesIn(pack.regionCode, regionCode))
    .filter(pack => shelf.isInForce(pack, effectiveFrom))
    .flatMap(pack => {
      const held = shelf.planOf(pack.packHash)
      const breaches = held === undefined ? [] : demandsOn(held, [plan]).breaches
      const whose = `${pack.regionCode} ${pack.scheme} ${pack.name}`
      return breaches.map(breach => ({ ...breach, found: `${whose}: ${breach.found}` }))
    })
}

/** The whole country, beside the provinces of GB/T 2260. */
const COUNTRY = '100000'

/** Whether the region is the area or lies in it, by the digits that are not 00. */
export function liesIn(regionCode: string, area: string): boolean {
  return area === COUNTRY || regionCode.startsWith(area.replace(/(?:00){1,2}$/u, ''))
}

function guardsOver(shelf: PackShelf, regionCode: string, on: BusinessDate): readonly Plan[] {
  const above = shelf
    .all()
    .filter(pack => pack.form === 'language' && liesIn(regionCode, pack.regionCode))
    .filter(({ effectiveFrom, effectiveTo }) => within(on, effectiveFrom, effectiveTo))
    .flatMap(({ packHash, regionCode: region }) => {
      const plan = shelf.planOf(packHash)
      return plan === undefined ? [] : [{ plan, region }]
    })
  const isSuperseded = ({ plan, region }: (typeof above)[number]): boolean =>
    above.some(({ plan: next, region: of }) => of === region && next.supersedes === plan.packId)
  return above
    .filter(pack => pack.plan.guards.length > 0 && !isSuperseded(pack))
    .map(({ plan }) => plan)
}

function placed(plan: Plan, place: Omit<Candidate['place'], 'packHash'>): Plan {
  const { regionCode: region, effectiveFrom, effectiveTo } = place
  return { ...plan, region, effectiveFrom, effectiveTo }
}
