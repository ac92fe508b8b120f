/** Names a policy document by its content, so that an event can pin it for ever. */
import { hash } from 'node:crypto'

/**
 * Canonical JSON: object keys sorted by UTF-16 code unit, no white space (RFC 8785 for integers
 * and text).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(value)
}

/** SHA-256 of the canonical JSON, lowercase hex. */
export function contentHash(document: unknown): string {
  return hash('sha256', canonicalJson(document), 'hex')
}
