/**
 * Personal data as one sealed blob. The stream, the event type and the person are authenticated
 * with it, so that a blob moved to another person does not open.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { fenFromJson, fenToJson } from '@tongchou/contracts/money.ts'
import { openSealed, sealBytes } from '@tongchou/runtime/keys/seal.ts'

export type PersonalData = {
  readonly personNo: string
  readonly idNumber: string
  readonly name: string
  /** Wage of the year before; null where none is known. */
  readonly lastYearWageFen: Fen | null
}

/** Equal data give equal text. */
function textOf({ personNo, idNumber, name, lastYearWageFen }: PersonalData): Buffer {
  const wage = lastYearWageFen === null ? null : fenToJson(lastYearWageFen)
  return Buffer.from(JSON.stringify({ personNo, idNumber, name, lastYearWageFen: wage }))
}

function boundTo(personId: PersonId): string {
  return `person-${personId}|PersonEnrolled|${personId}`
}

/** `nonce`: 12 random bytes, never used twice with one key. */
export function seal(
  data: PersonalData,
  personId: PersonId,
  key: KeyObject,
  nonce: Buffer,
): Buffer {
  return sealBytes(textOf(data), { key, boundTo: boundTo(personId) }, nonce)
}

/**
 * Undefined when the blob was altered, belongs to another person or was sealed under another key.
 */
export function unseal(
  sealed: Buffer,
  personId: PersonId,
  key: KeyObject,
): PersonalData | undefined {
  const text = openSealed(sealed, { key, boundTo: boundTo(personId) })
  if (text === undefined) return undefined
  const { lastYearWageFen, ...rest } = JSON.parse(text.toString()) as PersonalData
  return { ...rest, lastYearWageFen: fenFromJson(lastYearWageFen) ?? null }
}

/**
 * Tells equal data from other data; under the person's own key, so it says nothing once that is
 * gone.
 */
export function digestOf(data: PersonalData, key: KeyObject): Buffer {
  return createHmac('sha256', key).update('personal digest ').update(textOf(data)).digest()
}
