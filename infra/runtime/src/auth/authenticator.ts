/**
 * OAuth 2 bearer tokens (RFC 6750): JWTs verified against a JWKS, and remembered, since a check
 * costs 100 µs.
 */
import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose'
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import type { HttpProblem } from '../http/problem.ts'
import { commonProblem } from '../http/problem.ts'
import { Fault } from '../service/fault.ts'
import type { Caller } from './caller.ts'
import { callerFrom } from './caller.ts'

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256']
const CLOCK_TOLERANCE_S = 5
const MAX_TOKEN_LENGTH = 8192
const MAX_CACHED = 10_000
/** A key taken out of the JWKS is refused after this time at the latest. */
const MAX_CACHED_MS = 300_000
const JWKS_TIMEOUT_MS = 3_000
const JWKS_COOLDOWN_MS = 5_000

/** Why a token was refused: the extension `reason` of `unauthenticated`. */
export type TokenFault =
  | 'missing'
  | 'malformed-token'
  | 'algorithm-not-allowed'
  | 'unknown-key'
  | 'bad-signature'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'expired'
  | 'not-yet-valid'
  | 'bad-claims'

export type Authenticator = {
  /**
   * The value of the header `authorization`. Synchronous for a token seen before. Throws
   * `unauthenticated`.
   */
  verify(authorization: string | undefined): Caller | Promise<Caller>
}

export type AuthOptions = {
  /** URL or file path of the JWKS, or the set itself. */
  readonly jwks: string | JSONWebKeySet
  readonly issuer: string
  readonly audience: string
  readonly nowMs?: () => number
}

type Known = { readonly caller: Caller; readonly untilMs: number }

export function createAuthenticator(options: AuthOptions): Authenticator {
  const { issuer, audience, nowMs = Date.now } = options
  const keys = keysOf(options.jwks, nowMs)
  const known = new LRUCache<string, Known>({ max: MAX_CACHED })

  async function check(token: string, digest: string): Promise<Caller> {
    const currentDate = new Date(nowMs())
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp', 'sub', 'iss', 'aud'],
      currentDate,
    }).catch((error: unknown) => {
      throw faultOf(error)
    })
    const caller = callerFrom(payload)
    if (caller === undefined) throw unauthenticated('bad-claims')
    const expiresMs = ((payload.exp ?? 0) + CLOCK_TOLERANCE_S) * 1000
    known.set(digest, { caller, untilMs: Math.min(expiresMs, nowMs() + MAX_CACHED_MS) })
    return caller
  }

  return {
    verify: authorization => {
      const token = tokenOf(authorization)
      const digest = hash('sha256', token, 'base64url')
      const hit = known.get(digest)
      if (hit !== undefined && nowMs() < hit.untilMs) return hit.caller
      return check(token, digest)
    },
  }
}

function tokenOf(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw unauthenticated('missing')
  if (authorization.length > MAX_TOKEN_LENGTH) throw unauthenticated('malformed-token')
  if (!/^bearer /i.test(authorization.slice(0, 7))) throw unauthenticated('missing')
  return authorization.slice(7).trim()
}

const SENTENCES: Readonly<Record<TokenFault, string>> = {
  missing: 'send a token as Authorization: Bearer <token>',
  'malformed-token': 'the token is not a signed JWT',
  'algorithm-not-allowed': 'the token is signed with an algorithm that is not taken here',
  'unknown-key': 'the token is signed with a key that is not known here',
  'bad-signature': 'the signature of the token is wrong',
  'wrong-issuer': 'the token comes from another issuer',
  'wrong-audience': 'the token is meant for another audience',
  expired: 'the token has expired',
  'not-yet-valid': 'the token is not valid yet',
  'bad-claims':
    'the token lacks iss, aud, exp, sub or role, or the institution or region of its role',
}

function unauthenticated(reason: TokenFault): HttpProblem {
  const detail = SENTENCES[reason]
  const error = reason === 'missing' ? '' : `, error="invalid_token", error_description="${detail}"`
  return commonProblem('unauthenticated', {
    detail,
    extensions: { reason },
    headers: { 'www-authenticate': `Bearer realm="tongchou"${error}` },
  })
}

/** The caller's fault as `unauthenticated`; keys that cannot be had as a fault of ours. */
function faultOf(error: unknown): Error {
  if (error instanceof Fault) return error
  if (error instanceof errors.JWTExpired) return unauthenticated('expired')
  if (error instanceof errors.JWTClaimValidationFailed) {
    const known = error.reason === 'missing' ? undefined : CLAIM_FAULTS[error.claim]
    return unauthenticated(known ?? 'bad-claims')
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return unauthenticated('algorithm-not-allowed')
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return unauthenticated('bad-signature')
  }
  if (error instanceof errors.JWKSNoMatchingKey) return unauthenticated('unknown-key')
  if (error instanceof errors.JWKSMultipleMatchingKeys) return unauthenticated('unknown-key')
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return unauthenticated('malformed-token')
  }
  if (error instanceof errors.JOSENotSupported) return unauthenticated('algorithm-not-allowed')
  return new Fault('unavailable', 'the keys of the token issuer cannot be had', { cause: error })
}

const CLAIM_FAULTS: Readonly<Record<string, TokenFault>> = {
  iss: 'wrong-issuer',
  aud: 'wrong-audience',
  exp: 'expired',
  nbf: 'not-yet-valid',
}

function keysOf(jwks: string | JSONWebKeySet, nowMs: () => number): JWTVerifyGetKey {
  if (typeof jwks !== 'string') return createLocalJWKSet(jwks)
  if (!/^https?:\/\//.test(jwks)) return fileKeys(jwks, nowMs)
  return createRemoteJWKSet(new URL(jwks), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: JWKS_COOLDOWN_MS,
  })
}

/** Keys of a file, read at first use and again when a token names a key that is not among them. */
function fileKeys(path: string, nowMs: () => number): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | null = null
  let readAtMs = Number.NEGATIVE_INFINITY
  async function load(): Promise<JWTVerifyGetKey> {
    readAtMs = nowMs()
    keys = createLocalJWKSet(JSON.parse(await readFile(path, 'utf8')))
    return keys
  }
  return async (header, token) => {
    const present = keys ?? (await load())
    try {
      return await present(header, token)
    } catch (error) {
      const stale = nowMs() - readAtMs > JWKS_COOLDOWN_MS
      if (!(error instanceof errors.JWKSNoMatchingKey) || !stale) throw error
      return (await load())(header, token)
    }
  }
}
