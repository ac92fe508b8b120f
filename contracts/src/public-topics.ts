/**
 * Every topic that other organisations read: what stands on it, whose it is, and what a reader may
 * rely on. The AsyncAPI document and the topics on the broker are made from this declaration.
 */
import type { PublicType } from './public-events.generated.ts'
import type { ServiceName } from './services.ts'
import { PARTITIONS, type Retention } from './topics.ts'

/**
 * `events`: facts in the order in which they happened. `state`: the last row of each key, for who
 * begins anew (compacted). `heartbeat`, `checkpoint`: what tells that nothing is missing.
 */
export type PublicKind = 'events' | 'state' | 'heartbeat' | 'checkpoint'

export type PublicTopic = {
  readonly name: string
  /** Whose store the facts come from; `system`: every service's. */
  readonly service: ServiceName | 'system'
  readonly kind: PublicKind
  readonly summary: string
  readonly events: readonly PublicType[]
  /** What the record key is; for state topics also what a null value means. */
  readonly key: string
  /** Fixed for ever; 1 where the order over all records matters. */
  readonly partitions: 1 | typeof PARTITIONS
  readonly order: string
  readonly owner: string
  /** `open`: for everyone. `government`: for systems that the owner has approved. */
  readonly classification: 'open' | 'government'
  readonly retention: Retention
  /** How a reader gets what it missed or what it lost. */
  readonly replay: string
  readonly personalData: string
}

const CENTRE = '清算中心 clearing centre'
const FUNDS = '基金财务 fund accounting'
const DESIGNATION = '定点管理 designation of institutions'
const BENEFITS = '待遇政策 benefit policy'
const OPERATIONS = '平台运行 platform operations'
const WHOLE = 'Order over all records of the topic: it has one partition.'
const AGAIN = 'A record may come twice, with the same ce_id and ce_sequence: drop what you have.'
const FROM_START = `Read from the first offset: nothing is ever removed. ${AGAIN}`
const LATEST =
  'Read from the first offset to the end: then you have the last row of every key. ' +
  'A null value removes its key.'
const NOBODY = 'None: no natural person is named or numbered.'
const BILL =
  'No person, number of a person or bill, line, diagnosis, sex, birth date, status, filing or ' +
  'free text. One bill stands alone, so institution, day and amounts together could tell ' +
  'something to who knows the bill already: hence for approved systems only.'

export const PUBLIC_TOPICS = {
  claim: {
    name: 'public.clearing.claim.v1',
    service: 'clearing',
    kind: 'events',
    summary:
      'Claims settled and reversed: money by fund and layer, and what a region owes another.',
    events: ['ClaimSettled', 'ClaimReversed'],
    key: 'claimId',
    partitions: PARTITIONS,
    order: 'Order for each claim: settled before reversed. Between claims position tells it.',
    owner: CENTRE,
    classification: 'government',
    retention: { days: 400 },
    replay: `${AGAIN} What is older: GET /v1/events?after= of clearing.`,
    personalData: BILL,
  },
  window: {
    name: 'public.clearing.window.v1',
    service: 'clearing',
    kind: 'events',
    summary: 'Windows netted, what each region owes each other one, payments confirmed.',
    events: ['WindowNetted', 'PairNetted', 'PaymentConfirmed'],
    key: 'windowId',
    partitions: 1,
    order: WHOLE,
    owner: CENTRE,
    classification: 'government',
    retention: 'forever',
    replay: FROM_START,
    personalData: NOBODY,
  },
  windowState: {
    name: 'public.clearing.window-state.v1',
    service: 'clearing',
    kind: 'state',
    summary: 'Every netted window, and the net of every region in it, confirmed or not.',
    events: ['WindowState', 'NetState'],
    key: 'windowId, or windowId/regionCode for a net',
    partitions: 1,
    order: WHOLE,
    owner: CENTRE,
    classification: 'government',
    retention: 'forever',
    replay: LATEST,
    personalData: NOBODY,
  },
  journal: {
    name: 'public.funds.journal.v1',
    service: 'funds',
    kind: 'events',
    summary:
      'Every double entry of every fund: the balance of an account is the sum of its postings.',
    events: ['JournalEntryPosted'],
    key: 'claimId, else window-<number>, else region/fund of the first posting',
    partitions: PARTITIONS,
    order: 'Order for each claim and each window. Balances are sums and need no other order.',
    owner: FUNDS,
    classification: 'government',
    retention: 'forever',
    replay:
      `${FROM_START} Or begin with public.funds.balance-state.v1 and add what has a position ` +
      "above the account's cutPosition.",
    personalData: BILL,
  },
  balanceState: {
    name: 'public.funds.balance-state.v1',
    service: 'funds',
    kind: 'state',
    summary: 'Every account as it stood when balances were last struck, at the latest every day.',
    events: ['AccountBalance'],
    key: 'region/fund/account/counterparty, with - for no counterparty',
    partitions: PARTITIONS,
    order: 'Order for each account. Rows of different accounts may stand at different cuts.',
    owner: FUNDS,
    classification: 'government',
    retention: 'forever',
    replay: LATEST,
    personalData: NOBODY,
  },
  institution: {
    name: 'public.providers.institution.v1',
    service: 'providers',
    kind: 'events',
    summary: 'Hospitals and pharmacies: designated, renewed, suspended, reinstated, renamed.',
    events: [
      'InstitutionDesignated',
      'AgreementRenewed',
      'InstitutionSuspended',
      'InstitutionReinstated',
      'InstitutionRenamed',
    ],
    key: 'institutionCode',
    partitions: 1,
    order: WHOLE,
    owner: DESIGNATION,
    classification: 'open',
    retention: 'forever',
    replay: FROM_START,
    personalData: 'None: no doctors, and no reasons, which are free text.',
  },
  institutionState: {
    name: 'public.providers.institution-state.v1',
    service: 'providers',
    kind: 'state',
    summary: 'Every institution with its agreements, suspensions and other codes, a row for each.',
    events: ['InstitutionState', 'AgreementState', 'SuspensionState', 'AliasState'],
    key:
      'institutionCode, then /agreement/<first day>, /suspension/<first day> or /alias; ' +
      'null: the suspension is void',
    partitions: 1,
    order: WHOLE,
    owner: DESIGNATION,
    classification: 'open',
    retention: 'forever',
    replay: LATEST,
    personalData: NOBODY,
  },
  policy: {
    name: 'public.claims.policy.v1',
    service: 'claims',
    kind: 'events',
    summary: 'Policy packs of every region and scheme: what is in force on which day, by hash.',
    events: ['PolicyPublished'],
    key: 'packHash',
    partitions: 1,
    order: WHOLE,
    owner: BENEFITS,
    classification: 'open',
    retention: 'forever',
    replay: `${FROM_START} Each pack stands once, so it is its own state topic.`,
    personalData: NOBODY,
  },
  heartbeat: {
    name: 'public.system.heartbeat.v1',
    service: 'system',
    kind: 'heartbeat',
    summary: 'Every 15 seconds from each service: how far its facts are published.',
    events: ['HeartbeatSent'],
    key: 'service',
    partitions: 1,
    order: WHOLE,
    owner: OPERATIONS,
    classification: 'open',
    retention: { days: 1 },
    replay: 'Only the last one of a service means something.',
    personalData: NOBODY,
  },
  checkpoint: {
    name: 'public.system.checkpoint.v1',
    service: 'system',
    kind: 'checkpoint',
    summary: 'Signed checkpoints of the log of every service: who keeps them is a witness.',
    events: ['CheckpointSigned'],
    key: 'service',
    partitions: 1,
    order: WHOLE,
    owner: OPERATIONS,
    classification: 'open',
    retention: 'forever',
    replay: FROM_START,
    personalData: NOBODY,
  },
} as const satisfies Record<string, PublicTopic>

/** Seconds between two heartbeats of a service. */
export const HEARTBEAT_SECONDS = 15

/** Reverse-domain prefix of CloudEvents types and Avro namespaces. */
export const PUBLIC_NAMESPACE = 'cn.tongchou'

/**
 * CloudEvents type of a public event or row: `cn.tongchou.clearing.claim-settled.v1`. The version
 * is the topic's: a new field makes no new type.
 */
export function cloudEventTypeOf({ name, service }: PublicTopic, type: PublicType): string {
  const words = type.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
  return `${PUBLIC_NAMESPACE}.${service}.${words}${name.slice(name.lastIndexOf('.'))}`
}
