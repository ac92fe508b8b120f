import { NAMESPACE, type Uuid, uuidFrom } from '@tongchou/contracts/id.ts'

/** Id of a pack's stream, from what names its content. */
export function packIdOf(packHash: string): Uuid {
  return uuidFrom(NAMESPACE.policy, packHash)
}
