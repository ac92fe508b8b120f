/**
 * Account money without a claim: what each kind needs, and never more than the balance. The policy
 * in force on the day of the movement decides.
 */
import { accept, type Decision, refuse } from '@tongchou/contracts/decision.ts'
import type { AccountMoved, RelativeRegistered } from '@tongchou/contracts/events.generated.ts'
import { type Fen, minus, sum, ZERO } from '@tongchou/contracts/money.ts'
import { undoneNo } from '@tongchou/contracts/policy/dues/undone.ts'
import { type BusinessDate, businessDateOf, yearOf } from '@tongchou/contracts/time.ts'
import { accountMayPay, mayWithdraw, toCard } from '../../policy/dues/account-money.ts'
import type { NoPolicy } from '../../policy/outcome.ts'
import type { Plan } from '../../policy/plan/plan.ts'
import type { AccountEvent } from '../events.ts'
import { type AccountState, type Insured, yearAt } from '../state.ts'
import type { MoveAccount, Movement, RegisterRelative } from './commands.ts'
import type { MovementRefusal } from './refusals.ts'

export type MovementDecision = Decision<AccountEvent, MovementRefusal>

/** What the event says beyond person, number, place and day. */
type Moved = Pick<AccountMoved, 'kind' | 'amountFen'> &
  Partial<Pick<AccountMoved, 'purpose' | 'forPersonId' | 'payee' | 'creditNo' | 'toRegion'>> & {
    /** The policy was asked. */
    readonly byPolicy?: boolean
  }

type Asked = { readonly state: AccountState; readonly insured: Insured; readonly on: BusinessDate }

/**
 * The same number with the same content again is nothing new. Refuses unknown-account,
 * other-region, movement-number-reused, what the kind refuses, balance-too-low.
 */
export function move({ data, meta }: MoveAccount, state: AccountState): MovementDecision {
  const { personId, movementNo, movement, plan, actingRegion } = data
  const { insured, balanceFen } = state
  if (insured === null) return refuse({ kind: 'unknown-account' })
  const before = state.movements.find(known => known.movementNo === movementNo)
  const regionCode = before?.regionCode ?? insured.regionCode
  if (actingRegion !== null && actingRegion !== regionCode) return refuse({ kind: 'other-region' })
  if (before !== undefined) {
    const differs = differing(movement, before)
    return differs.length === 0 ? accept() : refuse({ kind: 'movement-number-reused', differs })
  }
  const on = businessDateOf(meta.now)
  const moved = movedBy(movement, plan, { state, insured, on })
  if (typeof moved.kind !== 'string' || !('amountFen' in moved)) return refuse(moved)
  const { byPolicy = false, ...told } = moved
  const { amountFen } = told
  if (amountFen <= 0n || amountFen > balanceFen) {
    return refuse({ kind: 'balance-too-low', balanceFen, amountFen })
  }
  const nothing = { purpose: null, forPersonId: null, payee: null, creditNo: null, toRegion: null }
  const event: AccountMoved = {
    ...{ personId, movementNo, ...nothing, ...told },
    ...{ regionCode, scheme: insured.scheme, movedOn: on },
    packHash: byPolicy && plan !== null ? plan.hash : null,
    balanceFen: moved.kind === 'transfer' ? balanceFen : minus(balanceFen, amountFen),
  }
  return accept({ type: 'AccountMoved', data: event })
}

function movedBy(
  movement: Movement,
  plan: Plan | null,
  asked: Asked,
): Moved | Exclude<MovementRefusal, { readonly kind: 'balance-too-low' }> {
  const { state, insured } = asked
  const { balanceFen } = state
  switch (movement.kind) {
    case 'payment':
      return payment(movement, plan, asked)
    case 'withdrawal':
      return withdrawal(movement, plan, asked)
    case 'card':
      return card(movement, plan, asked)
    case 'inheritance': {
      const { heirId } = movement
      const kind = heirId === null ? 'pooledFund' : 'inheritance'
      return { kind, amountFen: balanceFen, forPersonId: heirId }
    }
    case 'transfer': {
      const { toRegion } = movement
      if (toRegion === insured.regionCode) return { kind: 'same-region', regionCode: toRegion }
      return { kind: 'transfer', amountFen: balanceFen, toRegion }
    }
  }
}

type Of<K extends Movement['kind']> = Extract<Movement, { readonly kind: K }>

/**
 * Refuses no-policy, purpose-not-allowed, not-a-relative. @source P03-R28, P04-R29; P10-R07 to R09
 */
function payment({ kind, ...movement }: Of<'payment'>, plan: Plan | null, asked: Asked) {
  const { purpose, forPersonId } = movement
  const { state } = asked
  if (plan === null) return noneInForce(asked)
  const found = accountMayPay(plan, factsOf(asked), purpose)
  if (found.kind === 'no-policy') return noPolicy(found, asked)
  if (!found.may) return { kind: 'purpose-not-allowed', purpose } as const
  const forRelatives = purpose.startsWith('relatives')
  const known = forPersonId !== null && state.relatives.includes(forPersonId)
  if (forPersonId === null ? forRelatives : !known) return { kind: 'not-a-relative' } as const
  if (forPersonId !== null && purpose.startsWith('own')) {
    return { kind: 'purpose-not-allowed', purpose } as const
  }
  return { kind, ...movement, byPolicy: true }
}

/** Refuses no-policy, withdrawal-not-allowed. @source P03-R29 */
function withdrawal({ kind, amountFen }: Of<'withdrawal'>, plan: Plan | null, asked: Asked) {
  const { state, on } = asked
  if (plan === null) return noneInForce(asked)
  const inpatientCostFen = inpatientCostOf(state, yearOf(on))
  const found = mayWithdraw(plan, factsOf(asked), inpatientCostFen)
  if (found.kind === 'no-policy') return noPolicy(found, asked)
  if (!found.may) return { kind: 'withdrawal-not-allowed', inpatientCostFen } as const
  return { kind, amountFen: amountFen ?? state.balanceFen, byPolicy: true }
}

/** Each credit once. Refuses unknown-credit, credit-on-card, no-policy. @source P03-R27 */
function card({ kind, creditNo }: Of<'card'>, plan: Plan | null, asked: Asked) {
  const { state } = asked
  const credit = state.credits.find(known => known.creditNo === creditNo)
  const undone = state.credits.some(known => known.creditNo === undoneNo(creditNo))
  if (credit === undefined || credit.amountFen <= 0n || undone) {
    return { kind: 'unknown-credit', creditNo } as const
  }
  const gone = state.movements.find(known => known.creditNo === creditNo)
  if (gone !== undefined) {
    return { kind: 'credit-on-card', movementNo: gone.movementNo } as const
  }
  if (plan === null) return noneInForce(asked)
  const found = toCard(plan, factsOf(asked), credit.amountFen)
  if (found.kind === 'no-policy') return noPolicy(found, asked)
  return { kind, creditNo, amountFen: found.cardFen, byPolicy: true }
}

/** Cost of the hospital stays of a year that count, whoever paid it. */
export function inpatientCostOf(state: Pick<AccountState, 'years'>, year: number): Fen {
  return sum(ZERO, ...yearAt(state, year).entries.map(({ inpatientFen }) => inpatientFen))
}

/** Rules on account money choose by day and status. */
function factsOf({ insured, on }: Pick<Asked, 'insured' | 'on'>) {
  return { status: insured.status ?? '', age: null, year: yearOf(on), on, attributes: {} }
}

function placeOf({ insured, on }: Asked) {
  return { kind: 'no-policy', region: insured.regionCode, scheme: insured.scheme, on } as const
}

function noPolicy({ because, path, missing }: NoPolicy, asked: Asked) {
  return { ...placeOf(asked), because, path, missing }
}

const NONE_IN_FORCE = {
  en: 'no policy of the insured region and scheme is in force',
  zh: '参保地该险种没有生效的政策',
}

function noneInForce(asked: Asked) {
  return { ...placeOf(asked), because: 'none-in-force', path: '', missing: NONE_IN_FORCE } as const
}

/** Names of what the number stands for otherwise. */
function differing(asked: Movement, known: AccountMoved): readonly string[] {
  const kind = asked.kind === 'inheritance' && asked.heirId === null ? 'pooledFund' : asked.kind
  const forPersonId = 'heirId' in asked ? asked.heirId : told(asked, 'forPersonId')
  const amount = 'amountFen' in asked ? asked.amountFen : null
  const pairs = [
    ['kind', kind, known.kind],
    ['purpose', told(asked, 'purpose'), known.purpose],
    ['forPersonId', forPersonId, known.forPersonId],
    ['payee', told(asked, 'payee'), known.payee],
    ['creditNo', told(asked, 'creditNo'), known.creditNo],
    ['toRegion', told(asked, 'toRegion'), known.toRegion],
    ['amountFen', amount ?? known.amountFen, known.amountFen],
  ] as const
  return pairs.filter(([, one, other]) => one !== other).map(([name]) => name)
}

function told(movement: Movement, name: string): unknown {
  return Object.entries(movement).find(([known]) => known === name)?.[1] ?? null
}

/** Registered once. Refuses unknown-account, other-region, own-relative. */
export function registerRelative(
  { data, meta }: RegisterRelative,
  state: AccountState,
): MovementDecision {
  const { personId, relativeId, relation, actingRegion } = data
  if (state.insured === null) return refuse({ kind: 'unknown-account' })
  const { regionCode } = state.insured
  if (actingRegion !== null && actingRegion !== regionCode) return refuse({ kind: 'other-region' })
  if (relativeId === personId) return refuse({ kind: 'own-relative' })
  if (state.relatives.includes(relativeId)) return accept()
  const registeredOn = businessDateOf(meta.now)
  const event: RelativeRegistered = { personId, relativeId, regionCode, relation, registeredOn }
  return accept({ type: 'RelativeRegistered', data: event })
}
