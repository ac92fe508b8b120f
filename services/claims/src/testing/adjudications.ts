/** Adjudications of the demo set in a store, as often as wanted, each time of other persons. */
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { chain, EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import type { Append, EventStore } from '@tongchou/runtime/event-store/port.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import type { AccountEvent } from '../account/events.ts'
import { claimMessage } from '../consume/claim-facts.ts'
import { accountsOver } from './consumed.ts'
import { demoMessages, demoShelf } from './demo.ts'

const STREAMS_AT_ONCE = 500

export type Stored = {
  readonly copies: number
  readonly claims?: number
  /** Only persons who are insured here all the time. */
  readonly only?: { readonly region: string; readonly scheme: string }
}

/** Returns how many events were stored. */
export async function storeDemo(
  store: Pick<EventStore, 'append'>,
  { copies, claims = Number.POSITIVE_INFINITY, only }: Stored,
): Promise<number> {
  const accounts = accountsOver(demoShelf())
  const messages = demoMessages().slice(0, claims)
  const events = messages.flatMap(message => accounts.take(claimMessage(message)))
  const persons = Map.groupBy(events, ({ data }) => data.personId)
  let stored = 0
  for (let copy = 0; copy < copies; copy += 1) {
    const wanted = [...persons].filter(([, own]) => only === undefined || isOf(only, own))
    const appends = wanted.map(([person, own]) =>
      appendOf(copy === 0 ? person : idFor<PersonId>(`${copy} ${person}`), own),
    )
    for (let at = 0; at < appends.length; at += STREAMS_AT_ONCE) {
      await store.append(appends.slice(at, at + STREAMS_AT_ONCE))
    }
    stored += wanted.reduce((sum, [, own]) => sum + own.length, 0)
  }
  return stored
}

function isOf(
  { region, scheme }: NonNullable<Stored['only']>,
  events: readonly AccountEvent[],
): boolean {
  return events.every(
    ({ type, data }) =>
      type !== 'ClaimAdjudicated' || (data.insuredRegion === region && data.scheme === scheme),
  )
}

function appendOf(personId: PersonId, events: readonly AccountEvent[]): Append {
  const stream = `account-${personId}`
  const stored = events.map(({ type, data }, at) => {
    const event = { type, data: { ...data, personId } } as AccountEvent
    return toStore(event, fixedMeta(`${personId} ${at}`), 0, personId, false)
  })
  const hashes = chain(EMPTY_HEAD, stream, stored)
  return { stream, expected: EMPTY_HEAD, events: stored, hashes }
}
