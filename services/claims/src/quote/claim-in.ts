/** A submitted claim in the body of a request, as the door hands it over. */
import { decodeEvent, UnreadableEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { sum } from '@tongchou/contracts/money.ts'
import { INSURED_YEARS, INSURED_YEARS_TEXT } from '@tongchou/contracts/reference/insured-years.ts'
import { isBusinessDate } from '@tongchou/contracts/time.ts'
import { malformed } from '@tongchou/runtime/http/json-body.ts'

/** Base64 of the largest claim. */
export const CLAIM_BYTES_MAX = 1_100_000

/** Throws a problem that names what is wrong. */
export function claimIn(text: string): ClaimSubmitted {
  try {
    const event = decodeEvent(Buffer.from(text, 'base64'))
    if (event.type === 'ClaimSubmitted') return checked(event.data)
    throw malformed(`claim holds a ${event.type}`, 'claim', 'avro: ClaimSubmitted')
  } catch (cause) {
    if (!(cause instanceof UnreadableEvent)) throw cause
    throw malformed('claim is no Avro event', 'claim', 'avro: ClaimSubmitted')
  }
}

const INSURED = new RegExp(INSURED_YEARS_TEXT)

/** What a decider would take for a bug: here a caller wrote it. */
function checked(claim: ClaimSubmitted): ClaimSubmitted {
  const { fullSelfFen, overLimitFen, firstShareFen, inScopeFen, totalFen } = claim
  const parts = { fullSelfFen, overLimitFen, firstShareFen, inScopeFen }
  for (const [name, amount] of Object.entries(parts)) {
    if (amount < 0n) throw malformed('an amount is negative', `claim.${name}`, 'minimum: 0')
  }
  if (sum(...Object.values(parts)) !== totalFen) {
    throw malformed('the parts miss the total', 'claim.totalFen', 'sum of the parts')
  }
  for (const name of ['bornOn', 'beginOn', 'endOn'] as const) {
    if (!isBusinessDate(claim[name])) throw malformed('no calendar day', `claim.${name}`, 'date')
  }
  if (!INSURED.test(claim.attributes[INSURED_YEARS] ?? '')) {
    throw malformed('no years of cover', `claim.attributes.${INSURED_YEARS}`, INSURED.source)
  }
  return claim
}
