/** What an adjudication needs of a submitted claim: no line, name or diagnosis is even read. */
import type { Fields } from '@tongchou/contracts/avro/projection.ts'
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type { Message } from '@tongchou/runtime/message-log/port.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded, recordedBy } from '@tongchou/runtime/service/recorded.ts'
import type { ClaimFacts } from '../account/facts.ts'

const NEEDED: Fields<ClaimFacts> = {
  claimId: true,
  personId: true,
  institutionCode: true,
  kind: true,
  level: true,
  insuredRegion: true,
  treatingRegion: true,
  scheme: true,
  status: true,
  bornOn: true,
  beginOn: true,
  endOn: true,
  emergency: true,
  useAccount: true,
  filings: { kind: true, filedOn: true, validFrom: true, validTo: true },
  attributes: true,
  fullSelfFen: true,
  overLimitFen: true,
  firstShareFen: true,
  inScopeFen: true,
  totalFen: true,
}

const readFacts = projection<'ClaimSubmitted', ClaimFacts>('ClaimSubmitted', NEEDED)

/** A message for `fromClaim`: of a submitted claim only what it reads. */
export function claimMessage(message: Message): Recorded {
  return message.type === 'ClaimSubmitted' ? recordedBy(message, readFacts) : recorded(message)
}
