/**
 * What an error of `pg` means: the world (try again), a promise of ours that the server kept, or a
 * bug.
 */
import { Fault, type FaultCode } from '../service/fault.ts'

/** SQLSTATEs that our functions raise. */
const OURS: Readonly<Record<string, FaultCode>> = {
  TC001: 'fenced',
  TC002: 'incarnation',
  TC003: 'hole',
}

/**
 * 25006: the server became a standby. 55P03: a lock was not had in time. 40: the commit met another
 * one.
 */
const TRANSIENT = /^(08|40|53|57|58)|^(25006|55P03)$/
const GONE = /^(08|57P)|^25006$/

/** Null for errors of the socket: `EPIPE` looks like a state. */
export function sqlStateOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  if ('syscall' in error) return null
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}

/** The Fault that a function of ours raised, or null. */
export function raisedFault(error: unknown): Fault | null {
  const code = OURS[sqlStateOf(error) ?? '']
  if (code === undefined) return null
  return new Fault(code, error instanceof Error ? error.message : String(error), { cause: error })
}

/**
 * True when the same statement may succeed later: server or connection are at fault, not the
 * statement.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const state = sqlStateOf(error)
  return state === null ? isNetworkError(error) : TRANSIENT.test(state)
}

/** True when the connection cannot be used any more. */
export function isGone(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === null || GONE.test(state)
}

/** Socket errors have a code such as ECONNRESET; `pg` says the rest in words. */
function isNetworkError(error: Error): boolean {
  return 'code' in error || /connection|timeout|not queryable|socket/i.test(error.message)
}
