/**
 * Every topic: who says it, which events it carries, how it is keyed, who gets it. The declaration
 * is the truth.
 */
import type { EventType } from './events.generated.ts'
import type { ServiceName } from './services.ts'

export type Topic = {
  readonly name: string
  readonly service: ServiceName
  readonly events: readonly EventType[]
  /** `person`: order kept for each person; `broadcast`: small, every replica loads all of it. */
  readonly keyedBy: 'person' | 'region' | 'window' | 'partition' | 'broadcast'
}

/** How long a broker keeps records. */
export type Retention = 'forever' | { readonly days: number }

/**
 * Of all topics below: kept whole, because consumers check that no record is missing (law 5) and a
 * new one begins at the first. Compaction or age would make holes that look like losses; the
 * present without history is on the public state topics.
 */
export const INTERNAL_RETENTION: Retention = 'forever'

/** Partitions of every keyed topic. Fixed for ever: changing it moves keys. */
export const PARTITIONS = 8

export const TOPICS = {
  coverage: {
    name: 'enrollment.coverage.v1',
    service: 'enrollment',
    events: [
      'PersonEnrolled',
      'StatusChanged',
      'CoverageEnded',
      'CoverageResumed',
      'FilingMade',
      'FilingCancelled',
      'DiseaseRegistered',
      'DiseaseRegistrationEnded',
    ],
    keyedBy: 'person',
  },
  /** Whose personal data every service that has some must make unreadable. */
  erasure: {
    name: 'enrollment.erasure.v1',
    service: 'enrollment',
    events: ['PersonalDataErased'],
    keyedBy: 'person',
  },
  institution: {
    name: 'providers.institution.v1',
    service: 'providers',
    events: [
      'InstitutionDesignated',
      'AgreementRenewed',
      'DoctorsRegistered',
      'InstitutionSuspended',
      'InstitutionReinstated',
      'InstitutionRenamed',
    ],
    keyedBy: 'broadcast',
  },
  catalogue: {
    name: 'providers.catalogue.v1',
    service: 'providers',
    events: ['CatalogueListed'],
    keyedBy: 'broadcast',
  },
  premium: {
    name: 'contributions.premium.v1',
    service: 'contributions',
    events: ['PremiumReceived'],
    keyedBy: 'region',
  },
  bill: {
    name: 'contributions.bill.v1',
    service: 'contributions',
    events: ['BillIssued', 'ArrearsNoticed', 'BillPaid', 'PaymentUndone', 'BillWithdrawn'],
    keyedBy: 'person',
  },
  accountCredit: {
    name: 'contributions.account-credit.v1',
    service: 'contributions',
    events: ['AccountCredited'],
    keyedBy: 'person',
  },
  adjudication: {
    name: 'claims.adjudication.v1',
    service: 'claims',
    events: ['ClaimAdjudicated', 'AdjudicationUndone'],
    keyedBy: 'person',
  },
  accountMovement: {
    name: 'claims.account-movement.v1',
    service: 'claims',
    events: ['AccountMoved'],
    keyedBy: 'person',
  },
  policy: {
    name: 'claims.policy.v1',
    service: 'claims',
    events: ['PackPublished'],
    keyedBy: 'broadcast',
  },
  score: { name: 'fraud.score.v1', service: 'fraud', events: ['ClaimScored'], keyedBy: 'person' },
  case: {
    name: 'fraud.case.v1',
    service: 'fraud',
    events: ['CaseOpened', 'ReleaseApproved', 'CaseReleased', 'CaseRejected', 'CaseClosed'],
    keyedBy: 'person',
  },
  claim: {
    name: 'clearing.claim.v1',
    service: 'clearing',
    events: [
      'ClaimSubmitted',
      'ClaimHeld',
      'ClaimSettled',
      'ClaimRejected',
      'ClaimWithdrawn',
      'ClaimReversed',
    ],
    keyedBy: 'person',
  },
  window: {
    name: 'clearing.window.v1',
    service: 'clearing',
    events: ['WindowClosed', 'WindowNetted', 'PaymentConfirmed'],
    keyedBy: 'window',
  },
  journal: {
    name: 'funds.journal.v1',
    service: 'funds',
    events: ['JournalPosted', 'BalancesStruck'],
    keyedBy: 'partition',
  },
} as const satisfies Record<string, Topic>

export type TopicName = (typeof TOPICS)[keyof typeof TOPICS]['name']
