/** A signed checkpoint of a service's store: what witnesses keep. */
import { type Static, Type } from 'typebox'
import { InstantJson, Shape, UuidJson } from './scalars.ts'

export const CheckpointJson = Shape({
  service: Type.String(),
  incarnation: UuidJson,
  size: Type.Integer({ minimum: 0, description: 'events that the root covers' }),
  root: Type.String({
    description: 'Merkle root over positions 1 to size, RFC 9162 in shape, hex',
  }),
  at: InstantJson,
  keyId: Type.String({ description: 'first four bytes of the hash of the key, hex' }),
  signature: Type.String({ description: 'Ed25519 over the text of the note, base64' }),
  note: Type.String({ description: 'the checkpoint as a signed note (C2SP tlog-checkpoint)' }),
  verificationKey: Type.String({ description: 'name+id+base64 (C2SP signed-note)' }),
})
export type CheckpointJson = Static<typeof CheckpointJson>
