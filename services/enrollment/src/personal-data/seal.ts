/**
 * Personal data as one sealed blob: version 1, nonce, tag, AES-256-GCM text. The stream, the event
 * type and the person are authenticated with it, so that a blob moved to another person does not
 * open.
 */
import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto'
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { fenFromJson, fenToJson } from '@tongchou/contracts/money.ts'

export type PersonalData = {
  readonly personNo: string
  readonly idNumber: string
  readonly name: string
  /** Wage of the year before; null where none is known. */
  readonly lastYearWageFen: Fen | null
}

const VERSION = 1
export const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** Equal data give equal text. */
function textOf({ personNo, idNumber, name, lastYearWageFen }: PersonalData): Buffer {
  const wage = lastYearWageFen === null ? null : fenToJson(lastYearWageFen)
  return Buffer.from(JSON.stringify({ personNo, idNumber, name, lastYearWageFen: wage }))
}

function boundTo(personId: PersonId): Buffer {
  return Buffer.from(`person-${personId}|PersonEnrolled|${personId}`)
}

/** `nonce`: 12 random bytes, never used twice with one key. */
export function seal(
  data: PersonalData,
  personId: PersonId,
  key: KeyObject,
  nonce: Buffer,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(boundTo(personId))
  const body = [cipher.update(textOf(data)), cipher.final()]
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ...body])
}

/**
 * Undefined when the blob was altered, belongs to another person or was sealed under another key.
 */
export function unseal(
  sealed: Buffer,
  personId: PersonId,
  key: KeyObject,
): PersonalData | undefined {
  if (sealed.length <= HEAD_BYTES || sealed[0] !== VERSION) return undefined
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(personId))
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES))
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()])
    const { lastYearWageFen, ...rest } = JSON.parse(text.toString()) as PersonalData
    return { ...rest, lastYearWageFen: fenFromJson(lastYearWageFen) ?? null }
  } catch {
    return undefined
  }
}

/**
 * Tells equal data from other data; under the person's own key, so it says nothing once that is
 * gone.
 */
export function digestOf(data: PersonalData, key: KeyObject): Buffer {
  return createHmac('sha256', key).update('personal digest ').update(textOf(data)).digest()
}
