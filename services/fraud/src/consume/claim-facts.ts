/** What the score needs of a submitted claim: 13 of its 31 fields, 5 of the 16 of each line. */
import type { Fields } from '@tongchou/contracts/avro/projection.ts'
import { projection } from '@tongchou/contracts/avro/projection.ts'
import type { Message } from '@tongchou/runtime/message-log/port.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import { recorded, recordedBy } from '@tongchou/runtime/service/recorded.ts'
import type { ScoreClaim } from '../score/commands.ts'

type Needed = ScoreClaim['data']

const NEEDED: Fields<Needed> = {
  claimId: true,
  personId: true,
  insuredRegion: true,
  treatingRegion: true,
  institutionCode: true,
  kind: true,
  beginOn: true,
  endOn: true,
  sex: true,
  bornOn: true,
  lines: { itemCode: true, on: true, onlySex: true, minAge: true, maxAge: true },
  totalFen: true,
  fingerprint: true,
}

export const readFacts = projection<'ClaimSubmitted', Needed>('ClaimSubmitted', NEEDED)

/** A message for `toScoreCommands`: of a submitted claim only what it reads. */
export function scoreMessage(message: Message): Recorded {
  return message.type === 'ClaimSubmitted' ? recordedBy(message, readFacts) : recorded(message)
}
