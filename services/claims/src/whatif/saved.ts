/** A tally as plain JSON and back: what a checkpoint file and a thread hand on. */
import type { Group, MovedClaim } from './tally.ts'
import { Tally } from './tally.ts'

type Texts<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] }

type SavedGroup = {
  readonly name: string
  readonly claims: number
  readonly up: number
  readonly down: number
  readonly totalFen: string
  readonly payers: readonly (readonly [payer: string, before: string, after: string])[]
  readonly moved: readonly Texts<MovedClaim>[]
}

export type SavedTally = {
  readonly groups: readonly SavedGroup[]
  readonly notComputed: readonly (readonly [
    path: string,
    claims: number,
    totalFen: string,
    example: string,
  ])[]
}

export function saveTally({ groups, notComputed }: Tally): SavedTally {
  return {
    groups: [...groups].map(([name, group]) => ({
      ...{ name, claims: group.claims, up: group.up, down: group.down },
      totalFen: String(group.totalFen),
      payers: [...group.payers].map(([payer, { before, after }]) => [
        payer,
        String(before),
        String(after),
      ]),
      moved: group.moved.map(movedText),
    })),
    notComputed: [...notComputed].map(([path, { claims, totalFen, example }]) => [
      path,
      claims,
      String(totalFen),
      example,
    ]),
  }
}

export function restoreTally(saved: SavedTally): Tally {
  const tally = new Tally()
  for (const group of saved.groups) tally.groups.set(group.name, groupOf(group))
  for (const [path, claims, totalFen, example] of saved.notComputed) {
    tally.notComputed.set(path, { claims, totalFen: BigInt(totalFen), example })
  }
  return tally
}

function groupOf({ claims, up, down, totalFen, payers, moved }: SavedGroup): Group {
  return {
    ...{ claims, up, down, totalFen: BigInt(totalFen) },
    payers: new Map(
      payers.map(([payer, before, after]) => [
        payer,
        { before: BigInt(before), after: BigInt(after) },
      ]),
    ),
    moved: moved.map(claim => ({
      ...{ claimId: claim.claimId, endOn: claim.endOn, totalFen: BigInt(claim.totalFen) },
      fundsBeforeFen: BigInt(claim.fundsBeforeFen),
      fundsAfterFen: BigInt(claim.fundsAfterFen),
      cashBeforeFen: BigInt(claim.cashBeforeFen),
      cashAfterFen: BigInt(claim.cashAfterFen),
    })),
  }
}

function movedText(claim: MovedClaim): Texts<MovedClaim> {
  return {
    ...{ claimId: claim.claimId, endOn: claim.endOn, totalFen: String(claim.totalFen) },
    fundsBeforeFen: String(claim.fundsBeforeFen),
    fundsAfterFen: String(claim.fundsAfterFen),
    cashBeforeFen: String(claim.cashBeforeFen),
    cashAfterFen: String(claim.cashAfterFen),
  }
}
