/** What the system itself tells: that it publishes, and how the logs stand. */
import type { KeyObject } from 'node:crypto'
import { type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import { HEARTBEAT_SECONDS, PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Instant } from '@tongchou/contracts/time.ts'
import { noteOf, type SignedCheckpoint, verificationKeyOf } from '../audit/checkpoint.ts'
import { numbered, type PublicEvent, say } from './port.ts'

export type Heartbeat = {
  readonly service: ServiceName
  readonly incarnation: Uuid
  /** Acknowledged by the broker up to here, or nothing to publish. */
  readonly position: bigint
  readonly at: Instant
}

/** Sent by the relay of a service every `HEARTBEAT_SECONDS`, after what it has published. */
export function heartbeat({ service, incarnation, position, at }: Heartbeat): PublicEvent {
  const data = { service, incarnation, position, sentAt: at, everySeconds: HEARTBEAT_SECONDS }
  const id = uuidFrom(incarnation, `heartbeat ${service} ${at}`)
  const said = say(PUBLIC_TOPICS.heartbeat, 'HeartbeatSent', { key: service, regions: null, data })
  return one(numbered({ id, position, at }, [said]))
}

/**
 * A signed checkpoint for everyone. Checkpoints are signed up to once a second: one a minute on the
 * topic is enough for a witness. A relay that has just begun tells one that was told before: that
 * is another telling, with an id of its own.
 */
export function checkpointSigned(
  signed: SignedCheckpoint,
  publicKey: KeyObject,
  toldAt: Instant,
): PublicEvent {
  const { service, incarnation, size, root, at, keyId, signature } = signed
  const data = {
    ...{ service, incarnation, size: BigInt(size), root: root.toString('hex'), at, keyId },
    signature: signature.toString('base64'),
    note: noteOf(signed),
    verificationKey: verificationKeyOf(publicKey),
  }
  const id = uuidFrom(incarnation, `checkpoint ${service} ${size} ${toldAt}`)
  const place = { key: service, regions: null }
  const said = say(PUBLIC_TOPICS.checkpoint, 'CheckpointSigned', { ...place, data })
  return one(numbered({ id, position: BigInt(size), at }, [said]))
}

function one(events: readonly PublicEvent[]): PublicEvent {
  const [event] = events
  if (event === undefined) throw new Error('one fact was said and none came out')
  return event
}
