/** Where an audit reads from: a snapshot of the database, or an export file. */
import type { KeyObject } from 'node:crypto'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { keyFromVerificationKey } from '@tongchou/runtime/audit/checkpoint.ts'
import type { FoundLine } from '@tongchou/runtime/audit/checkpoint-file.ts'
import type { Line } from '@tongchou/runtime/audit/snapshot/copy.ts'
import type { EventRow } from '@tongchou/runtime/audit/snapshot/event-rows.ts'
import type {
  ConsumerPosition,
  ParkedPosition,
  StoreEnd,
} from '@tongchou/runtime/audit/snapshot/snapshot.ts'
import type { AnyView } from '@tongchou/runtime/view/port.ts'

/** What is known of a service's store beside its events. */
export type StoreFacts = {
  readonly service: ServiceName
  readonly end: StoreEnd
  /** How much there is to read, roughly: of an export what is packed. */
  readonly bytes: number
  /** How far the service's own consumers are, and what they set aside. */
  readonly consumers: readonly ConsumerPosition[]
  readonly parked: readonly ParkedPosition[]
}

/** What was signed of a store before the moment that is audited. */
export type Checkpoints = {
  readonly lines: readonly FoundLine[]
  readonly publicKey: KeyObject | undefined
}

export type ViewRows = {
  /** False: the tables are missing or were made by another build. */
  has(service: ServiceName, group: string, views: readonly AnyView[]): Promise<boolean>
  /** Tells every row as COPY writes it in text. */
  lines(service: ServiceName, view: AnyView, onLine: (line: Line) => void): Promise<void>
}

export type AuditSource = {
  /** Stores that are there, in the order of SERVICES. */
  stores(): Promise<readonly StoreFacts[]>
  checkpoints(service: ServiceName): Promise<Checkpoints>
  /** Tells all events of a store in order; each is valid during its call only. */
  events(service: ServiceName, onEvent: (event: EventRow) => void): Promise<void>
  /** Null where views are not kept: in an export. */
  readonly views: ViewRows | null
  close(): Promise<void>
}

/**
 * The source with the public key that the auditor trusts, instead of the one beside the
 * checkpoints.
 */
export function trusting(source: AuditSource, trusted: string | undefined): AuditSource {
  if (trusted === undefined) return source
  const publicKey = keyFromVerificationKey(trusted)
  const { checkpoints } = source
  return { ...source, checkpoints: async of => ({ ...(await checkpoints(of)), publicKey }) }
}
