import type { EventOf } from '@tongchou/contracts/avro/codec.ts'

export type WindowEventType = 'WindowClosed' | 'WindowNetted' | 'PaymentConfirmed'
export type WindowEvent = EventOf<WindowEventType>
