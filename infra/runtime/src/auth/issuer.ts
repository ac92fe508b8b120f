/**
 * The embedded token issuer: for one machine, demos and tests. Elsewhere TONGCHOU_JWKS names a real
 * one.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JSONWebKeySet, JWK } from 'jose'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import { ensureSecretFile } from '../config/secret-file.ts'
import type { Authenticator } from './authenticator.ts'
import { createAuthenticator } from './authenticator.ts'
import type { Role } from './caller.ts'

const ALGORITHM = 'EdDSA'

export type Grant = {
  readonly role: Role
  readonly subject: string
  readonly institution?: string
  readonly region?: string
  readonly ttlSeconds: number
}

export type Issuer = {
  readonly issuer: string
  readonly audience: string
  issueToken(grant: Grant): Promise<string>
  /** Public keys only. */
  jwks(): JSONWebKeySet
}

type IssuerOptions = {
  readonly issuer: string
  readonly audience: string
  readonly nowMs?: () => number
}

export type FileIssuer = Issuer & { readonly jwksPath: string }

/**
 * Opens the issuer of a data directory. The private key is made once (`issuer-key.json`, mode
 * 0600); the public set stands beside it as `jwks.json`, for the other processes of the machine.
 */
export async function openIssuer(
  options: IssuerOptions & { readonly dataDir: string },
): Promise<FileIssuer> {
  const text = await ensureSecretFile(join(options.dataDir, 'issuer-key.json'), async () =>
    JSON.stringify(await newKey()),
  )
  const made = await issuerOf(JSON.parse(text), options)
  const jwksPath = join(options.dataDir, 'jwks.json')
  await writeFile(jwksPath, JSON.stringify(made.jwks()), { mode: 0o644 })
  return { ...made, jwksPath }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(jwk) }
}

async function issuerOf(jwk: JWK, options: IssuerOptions): Promise<Issuer> {
  const { issuer, audience, nowMs = Date.now } = options
  const key = await importJWK(jwk, ALGORITHM)
  const { d: _private, ...publicJwk } = jwk
  return {
    issuer,
    audience,
    jwks: () => ({ keys: [publicJwk] }),
    issueToken: ({ role, subject, institution, region, ttlSeconds }) => {
      const nowS = Math.floor(nowMs() / 1000)
      return new SignJWT({
        role,
        ...(institution === undefined ? {} : { institution }),
        ...(region === undefined ? {} : { region }),
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(jwk.kid && { kid: jwk.kid }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + ttlSeconds)
        .sign(key)
    },
  }
}

export type TestIssuer = Issuer & { readonly auth: Authenticator }

/** An issuer with a new key and the authenticator that trusts it, for unit tests. */
export async function createTestIssuer(options?: { nowMs?: () => number }): Promise<TestIssuer> {
  const settings = { issuer: 'https://issuer.test', audience: 'tongchou', ...options }
  const made = await issuerOf(await newKey(), settings)
  return { ...made, auth: createAuthenticator({ jwks: made.jwks(), ...settings }) }
}
