import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export type CaseEvent = EventOf<
  'CaseOpened' | 'ReleaseApproved' | 'CaseReleased' | 'CaseRejected' | 'CaseClosed'
>
