/** The sums of a run as JSON, in one order. */
import type { WhatIfGroupJson, WhatIfReportJson } from '@tongchou/contracts/http/whatif.ts'
import { fen, fenToJson } from '@tongchou/contracts/money.ts'
import type { Plan } from '../policy/plan/plan.ts'
import type { Period } from './rerun.ts'
import { DIMENSIONS, type Group, type MovedClaim, PERSON_PAYERS, type Tally } from './tally.ts'

export type Reported = {
  readonly draft: Plan
  readonly period: Period
  readonly upTo: bigint
  readonly scanned: number
  readonly tally: Tally
}

export function reportJson({ draft, period, upTo, scanned, tally }: Reported): WhatIfReportJson {
  const { region: regionCode, from, to } = period
  const { hash: packHash, name: policy, scheme } = draft
  if (scheme === null) throw new RangeError('a pack of no one scheme computes no claim')
  return {
    ...{ packHash, policy, regionCode, scheme, from, to },
    ...{ upTo: Number(upTo), scanned },
    claims: tally.groups.get('all all')?.claims ?? 0,
    groups: [...tally.groups].map(([name, group]) => groupJson(name, group)).sort(byPlace),
    notComputed: [...tally.notComputed]
      .map(([path, { claims, totalFen, example }]) => ({
        ...{ path, claims, example },
        totalFen: fenToJson(fen(totalFen)),
      }))
      .sort((a, b) => b.claims - a.claims || (a.path < b.path ? -1 : 1)),
  }
}

function groupJson(name: string, group: Group): WhatIfGroupJson {
  const at = name.indexOf(' ')
  const { claims, up, down, totalFen, payers, moved } = group
  return {
    ...{ dimension: name.slice(0, at), key: name.slice(at + 1), claims, up, down },
    totalFen: fenToJson(fen(totalFen)),
    payers: [...payers]
      .map(([payer, { before, after }]) => ({
        payer,
        beforeFen: fenToJson(fen(before)),
        afterFen: fenToJson(fen(after)),
        changeFen: fenToJson(fen(after - before)),
      }))
      .sort((a, b) => rankOf(a.payer) - rankOf(b.payer) || (a.payer < b.payer ? -1 : 1)),
    moved: moved.map(movedJson),
  }
}

function movedJson(claim: MovedClaim): WhatIfGroupJson['moved'][number] {
  const { claimId, endOn } = claim
  return {
    ...{ claimId, endOn, totalFen: fenToJson(fen(claim.totalFen)) },
    fundsBeforeFen: fenToJson(fen(claim.fundsBeforeFen)),
    fundsAfterFen: fenToJson(fen(claim.fundsAfterFen)),
    cashBeforeFen: fenToJson(fen(claim.cashBeforeFen)),
    cashAfterFen: fenToJson(fen(claim.cashAfterFen)),
  }
}

/** Funds first, then the person. */
function rankOf(payer: string): number {
  return (PERSON_PAYERS as readonly string[]).indexOf(payer)
}

function byPlace(a: WhatIfGroupJson, b: WhatIfGroupJson): number {
  const order: readonly string[] = DIMENSIONS
  const apart = order.indexOf(a.dimension) - order.indexOf(b.dimension)
  return apart === 0 ? (a.key < b.key ? -1 : 1) : apart
}
