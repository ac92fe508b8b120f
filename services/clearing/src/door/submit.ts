/**
 * Claims from parsed bodies to appended events: look-ups for the whole batch in one round trip,
 * facts judged purely, one append. A refusal that rests on absence is checked again after the views
 * have caught up (law 2).
 */
import { randomBytes } from 'node:crypto'
import { assert } from '@tongchou/contracts/decision.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { PersonId, Uuid } from '@tongchou/contracts/id.ts'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import type { BusinessDate, Instant } from '@tongchou/contracts/time.ts'
import { businessDateOf, instantFromMs, instantToMs } from '@tongchou/contracts/time.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { actorOf } from '@tongchou/runtime/auth/caller.ts'
import type { CachedKeys } from '@tongchou/runtime/keys/cached.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import type { CommandHandler, Request } from '@tongchou/runtime/service/handle-command.ts'
import type { ClaimCommand } from '../claim/commands.ts'
import type { ClaimRefusal } from '../claim/decide.ts'
import { contentDigest } from '../claim/digest.ts'
import type { ClaimEventType } from '../claim/events.ts'
import type { FactRefusal } from '../claim/facts.ts'
import { ABSENCES, claimFacts } from '../claim/facts.ts'
import type { ParsedClaim } from '../claim/parse.ts'
import type { ClaimState } from '../claim/state.ts'
import type { Knowledge } from '../reference/known.ts'
import { RANDOM_BYTES, sealSubmission } from '../submission/seal.ts'
import type { DoorRefusal } from './problems.ts'

/** Clocks of hospitals may run ahead by this much (law 14). */
const CLOCK_TOLERANCE_MS = 5 * 60_000
const CATCH_UP_MS = 1000

export type ClaimHandler = CommandHandler<ClaimCommand, ClaimState, ClaimEventType, ClaimRefusal>

export type DoorPorts = {
  readonly handler: ClaimHandler
  readonly keys: Pick<CachedKeys, 'obtain'>
  readonly known: Knowledge
  readonly personKey: Buffer
  readonly clock: () => Instant
  readonly newId: () => Uuid
}

/** A claim to be judged. */
export type Asked = { readonly claim: ParsedClaim; readonly caller: Caller }

/** A claim to be submitted, with the bytes that it was sent in. */
export type DoorItem = Asked & { readonly raw: Buffer }

export type DoorOutcome =
  | { readonly ok: true; readonly stream: string; readonly state: ClaimState }
  | { readonly ok: false; readonly refusal: DoorRefusal | FactRefusal | ClaimRefusal }

export type Judged =
  | { readonly ok: true; readonly facts: ClaimSubmitted }
  | { readonly ok: false; readonly refusal: DoorRefusal | FactRefusal }

/**
 * The items' facts or first refusals; nothing is stored. Throws Fault `unavailable` when a view is
 * behind.
 */
export async function judgeAll(ports: DoorPorts, items: readonly Asked[]): Promise<Judged[]> {
  const persons = items.map(({ claim }) => personIdOf(ports.personKey, claim.personNo))
  const first = await judgeOnce(ports, items, persons)
  const again = items.flatMap((item, index) =>
    restsOnAbsence(first[index]) ? [{ item, index }] : [],
  )
  if (again.length === 0) return first
  if (!(await ports.known.caughtUp(CATCH_UP_MS))) {
    throw new Fault('unavailable', 'the views of the door are behind; nothing was stored')
  }
  const second = await judgeOnce(
    ports,
    again.map(({ item }) => item),
    again.map(({ index }) => persons[index] as PersonId),
  )
  again.forEach(({ index }, at) => {
    first[index] = second[at] as Judged
  })
  return first
}

function restsOnAbsence(judged: Judged | undefined): boolean {
  return (
    judged !== undefined && !judged.ok && (ABSENCES as ReadonlySet<string>).has(judged.refusal.kind)
  )
}

async function judgeOnce(
  ports: DoorPorts,
  items: readonly Asked[],
  persons: readonly PersonId[],
): Promise<Judged[]> {
  const { known } = ports
  const coverage = await known.persons([...new Set(persons)])
  const latestDay = latestDayOf(ports.clock())
  return items.map(({ claim, caller }, index): Judged => {
    if (!isOwn(caller, claim.institutionCode, known)) {
      return { ok: false, refusal: { kind: 'other-institution', field: 'institutionCode' } }
    }
    const personId = persons[index] as PersonId
    const person = coverage.get(personId)
    const facts = claimFacts(claim, personId, {
      institutions: known.institutions,
      catalogues: known.catalogues,
      packs: known.packs,
      coverage: person?.facts,
      coveragePosition: person?.position ?? 0n,
      latestDay,
    })
    return 'claimId' in facts ? { ok: true, facts } : { ok: false, refusal: facts }
  })
}

export function latestDayOf(now: Instant): BusinessDate {
  return businessDateOf(instantFromMs(instantToMs(now) + CLOCK_TOLERANCE_MS))
}

/**
 * A hospital submits for itself, under any code it has had; a service (the command line's demo) for
 * anyone.
 */
export function isOwn(caller: Caller, institutionCode: string, known: Knowledge): boolean {
  if (caller.role !== 'hospital') return true
  if (caller.institution === institutionCode) return true
  const own = known.institutions.resolve(caller.institution)
  const named = known.institutions.resolve(institutionCode)
  return own !== undefined && own.canonicalCode === named?.canonicalCode
}

/** Submits in order; claims of one person are appended in the order of the items. */
export async function submitAll(
  ports: DoorPorts,
  items: readonly DoorItem[],
): Promise<DoorOutcome[]> {
  const judged = await judgeAll(ports, items)
  const { handler } = ports
  const requests = await requestsOf(ports, items, judged)
  const [handled, earlier] = await Promise.all([
    handler.handleAll(requests, { probablyNew: true }),
    earlierClaims(ports, items, judged),
  ])
  let next = 0
  return items.map((_, index): DoorOutcome => {
    const judgement = judged[index] as Judged
    if (!judgement.ok) return earlier.get(index) ?? judgement
    const { decision, state } = handled[next] as (typeof handled)[number]
    const stream = requests[next]?.stream ?? ''
    next += 1
    return decision.accepted
      ? { ok: true, stream, state }
      : { ok: false, refusal: decision.refusal }
  })
}

/**
 * Commands for what is taken, each with its submission sealed under the key of its person, to be
 * kept in the commit that appends the event; the keys are durable before.
 */
async function requestsOf(
  ports: DoorPorts,
  items: readonly DoorItem[],
  judged: readonly Judged[],
): Promise<Request<ClaimCommand>[]> {
  const taken = judged.flatMap(judgement => (judgement.ok ? [judgement.facts.personId] : []))
  const keys = await ports.keys.obtain(taken)
  const random = randomBytes(RANDOM_BYTES * items.length)
  return items.flatMap(({ caller, raw }, index) => {
    const judgement = judged[index]
    if (judgement?.ok !== true) return []
    const { facts } = judgement
    const key = keys.get(facts.personId)
    assert(key !== undefined, 'every person has a key')
    const sealing = {
      key,
      random: random.subarray(index * RANDOM_BYTES, (index + 1) * RANDOM_BYTES),
    }
    const { rawDigest, sealed } = sealSubmission(raw, facts, sealing)
    const stream = ports.handler.streamOf(facts.claimId)
    const data = { ...facts, rawDigest }
    const command: ClaimCommand = { type: 'SubmitClaim', data, meta: metaOf(ports, caller) }
    return [{ stream, command, attachment: sealed }]
  })
}

/**
 * A refused body may be the resend of a claim that stands (same answer), or reuse its number, which
 * is checked before every other rule about its content.
 */
async function earlierClaims(
  ports: DoorPorts,
  items: readonly DoorItem[],
  judged: readonly Judged[],
): Promise<ReadonlyMap<number, DoorOutcome>> {
  const { handler, known, personKey } = ports
  const outcomes = new Map<number, DoorOutcome>()
  const candidates = items.flatMap(({ claim }, index) => {
    const judgement = judged[index]
    if (judgement?.ok !== false || judgement.refusal.kind === 'other-institution') return []
    const code = known.institutions.resolve(claim.institutionCode)?.canonicalCode
    if (code === undefined) return []
    return [{ index, claim, stream: handler.streamOf(claimIdOf(code, claim.claimNo)), code }]
  })
  const session = await handler.session(candidates.map(({ stream }) => stream))
  for (const { index, claim, stream, code } of candidates) {
    const state = session.stateOf(stream)
    if (state.status === 'none') continue
    const digest = contentDigest(
      { ...claim, institutionCode: code },
      personIdOf(personKey, claim.personNo),
    )
    if (digest === state.submission.contentDigest) outcomes.set(index, { ok: true, stream, state })
    else {
      const refusal = { kind: 'claim-number-reused', claimNo: claim.claimNo } as const
      outcomes.set(index, { ok: false, refusal })
    }
  }
  return outcomes
}

export function metaOf(ports: Pick<DoorPorts, 'newId' | 'clock'>, caller: Caller) {
  const commandId = ports.newId()
  return {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: actorOf(caller),
    now: ports.clock(),
  }
}
