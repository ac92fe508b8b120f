/**
 * Events for inspectors. Lines and diagnoses of submitted claims, reasons and features of scores,
 * sealed personal data are passed over: no fold or view reads them, and they are most of the bytes.
 * One that did would find nothing and fail loudly.
 */
import { type DecodedEvent, decodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { type Fields, projection } from '@tongchou/contracts/avro/projection.ts'
import type {
  ClaimScored,
  ClaimSubmitted,
  PersonEnrolled,
} from '@tongchou/contracts/events.generated.ts'

type Claim = Omit<ClaimSubmitted, 'lines' | 'diagnoses' | 'rawDigest'>

const CLAIM_FIELDS: Fields<Claim> = {
  claimId: true,
  personId: true,
  claimNo: true,
  institutionCode: true,
  treatingRegion: true,
  insuredRegion: true,
  institutionType: true,
  level: true,
  scheme: true,
  status: true,
  sex: true,
  bornOn: true,
  filings: {
    filingNo: true,
    kind: true,
    treatmentRegion: true,
    filedOn: true,
    validFrom: true,
    validTo: true,
  },
  kind: true,
  beginOn: true,
  endOn: true,
  emergency: true,
  doctorCode: true,
  useAccount: true,
  attributes: true,
  fullSelfFen: true,
  overLimitFen: true,
  firstShareFen: true,
  inScopeFen: true,
  totalFen: true,
  coveragePosition: true,
  catalogueVersion: true,
  fingerprint: true,
  contentDigest: true,
}

type Score = Omit<ClaimScored, 'reasons' | 'features'>

const SCORE_FIELDS: Fields<Score> = {
  claimId: true,
  personId: true,
  insuredRegion: true,
  treatingRegion: true,
  institutionCode: true,
  kind: true,
  beginOn: true,
  endOn: true,
  totalFen: true,
  fingerprint: true,
  score: true,
  outcome: true,
  ruleSet: true,
}

type Person = Omit<PersonEnrolled, 'personal' | 'personalDigest'>

const PERSON_FIELDS: Fields<Person> = {
  personId: true,
  regionCode: true,
  scheme: true,
  status: true,
  sex: true,
  bornOn: true,
  coveredFrom: true,
  coveredTo: true,
  premiumPaidOn: true,
}

const readClaim = projection<'ClaimSubmitted', Claim>('ClaimSubmitted', CLAIM_FIELDS)
const readScore = projection<'ClaimScored', Score>('ClaimScored', SCORE_FIELDS)
const readPerson = projection<'PersonEnrolled', Person>('PersonEnrolled', PERSON_FIELDS)

/** Throws UnreadableEvent for damage and for schemas of newer code. */
export function decodeFor(type: string, data: Buffer): DecodedEvent {
  if (type === 'ClaimSubmitted') return readClaim(data) as DecodedEvent
  if (type === 'ClaimScored') return readScore(data) as DecodedEvent
  if (type === 'PersonEnrolled') return readPerson(data) as DecodedEvent
  return decodeEvent(data)
}
