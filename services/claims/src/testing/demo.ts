/** The demo set as messages of `clearing.claim.v1`, and its packs, for tests and the bench. */
import type { EventOf } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimSubmitted, PackPublished } from '@tongchou/contracts/events.generated.ts'
import { claimIdOf, type PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import type { Message } from '@tongchou/runtime/message-log/port.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { demoPolicies } from '../../../../test/fixtures/demo-files.ts'
import { foldDemo, type Settled } from '../../../../test/property/demo-fold.ts'
import { PackShelf } from '../pack/shelf.ts'
import { submissionOf } from '../pack/submission.ts'
import type { Plan } from '../policy/plan/plan.ts'
import { submittedWith } from './claims.ts'

/** Packs of the demo set, published as an agency would. */
export function demoPacks(): readonly PackPublished[] {
  return demoPolicies().map(({ file, document }) => {
    const submission = submissionOf(document)
    if (!submission.ok) throw new Error(`${file} is no pack`)
    return submission.data
  })
}

export function demoShelf(): PackShelf {
  const shelf = new PackShelf()
  for (const pack of demoPacks()) shelf.apply(pack)
  return shelf
}

export function demoPersonId(personNo: string): PersonId {
  return idFor<PersonId>(personNo)
}

/** A claim of the set as the door submits it; its lines hold amounts alone. */
function submittedOf({ claim, facts }: Settled): ClaimSubmitted {
  const { institutionCode, claimNo, personNo, lines } = claim
  return submittedWith({
    ...facts,
    claimId: claimIdOf(institutionCode, claimNo),
    personId: demoPersonId(personNo),
    claimNo,
    institutionCode,
    filings: facts.filings.map((filing, index) => ({
      ...filing,
      filingNo: `F${index}`,
      treatmentRegion: facts.treatingRegion,
    })),
    attributes: {},
    lines: lines.map(({ itemCode, on, amountFen }) =>
      lineWith({ itemCode, on: businessDate(on), amountFen: fen(amountFen) }),
    ),
  })
}

/** Every regular claim in order, as the log hands it to the consumer. */
export function demoMessages(): readonly Message[] {
  return foldDemo().settled.map((settled, index) => messageOf(submittedOf(settled), index + 1))
}

export function messageOf(data: ClaimSubmitted, position: number): Message {
  return eventMessage({ type: 'ClaimSubmitted', data }, position)
}

type Heard = EventOf<'ClaimSubmitted' | 'ClaimWithdrawn' | 'AccountCredited'>

/** An event of another service as its log hands it on. */
export function eventMessage(event: Heard, position: number): Message {
  const { personId } = event.data
  const stored = toStore(event, fixedMeta(`message ${position}`), 0, personId, false)
  return {
    ...stored,
    position: BigInt(position),
    stream: 'claimId' in event.data ? `claim-${event.data.claimId}` : `credit-${personId}`,
    version: 1,
    hash: EMPTY_HEAD.hash,
    topic: TOPICS.claim.name,
    incarnation: idFor('clearing'),
  }
}

/** The pack of Beijing's employees as it is published. */
export function beijingPack(): PackPublished {
  const pack = demoPacks().find(
    ({ regionCode, scheme }) => regionCode === '110100' && scheme === 'employee',
  )
  if (pack === undefined) throw new Error('the demo set has a pack for Beijing')
  return pack
}

/** The compiled pack of Beijing's employees. */
export function beijing(): Plan {
  const plan = demoShelf().planInForce('110100', 'employee', businessDate('2025-03-01'))
  if (plan === undefined) throw new Error('the demo set has a pack for Beijing')
  return plan
}
