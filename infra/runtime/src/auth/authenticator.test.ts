import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import { HttpProblem } from '../http/problem.ts'
import { Fault } from '../service/fault.ts'
import { createAuthenticator } from './authenticator.ts'
import type { Grant } from './issuer.ts'
import { createTestIssuer, openIssuer } from './issuer.ts'

const NOW_MS = Date.parse('2025-03-01T00:00:00.000Z')
const NOW_S = NOW_MS / 1000
const GRANT: Grant = { role: 'agency', region: '110100', subject: 'a-1', ttlSeconds: 60 }
const NAMES = { issuer: 'https://issuer.test', audience: 'tongchou' }

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

type Verify = { verify(authorization: string | undefined): unknown }

async function reasonOf(auth: Verify, authorization: string | undefined): Promise<unknown> {
  try {
    await auth.verify(authorization)
  } catch (error) {
    assert.ok(error instanceof HttpProblem, String(error))
    assert.deepEqual([error.kind, error.status], ['unauthenticated', 401])
    assert.match(error.options.headers?.['www-authenticate'] ?? '', /^Bearer realm="tongchou"/)
    const { reason }: { readonly reason?: unknown } = error.options.extensions ?? {}
    return reason
  }
  return 'taken'
}

/** An issuer at a movable clock, and ways to make tokens that are wrong in one thing only. */
async function setting() {
  const clock = { ms: NOW_MS }
  const issuer = await createTestIssuer({ nowMs: () => clock.ms })
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'EdDSA', use: 'sig' }
  const auth = createAuthenticator({ jwks: { keys: [jwk] }, ...NAMES, nowMs: () => clock.ms })
  const signed = (claims: object, header: object = {}) =>
    new SignJWT({ sub: 'a-1', iss: NAMES.issuer, aud: 'tongchou', exp: NOW_S + 60, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k', ...header })
      .sign(privateKey)
      .then(token => `Bearer ${token}`)
  return { clock, issuer, auth, signed, jwk }
}

test('a token names the caller', async () => {
  const { issuer } = await setting()
  const token = await issuer.issueToken(GRANT)
  assert.deepEqual(await issuer.auth.verify(`bearer ${token}`), {
    role: 'agency',
    subject: 'a-1',
    institution: null,
    region: '110100',
  })
})

test('a token is asked for', async () => {
  const { auth } = await setting()
  for (const header of [undefined, '', 'Basic YTpi', 'Bearer']) {
    assert.equal(await reasonOf(auth, header), 'missing')
  }
})

test('a token that is no JWT is malformed', async () => {
  const { auth } = await setting()
  for (const text of ['x', 'a.b', 'a.b.c', '..', `${'a'.repeat(9000)}`]) {
    assert.equal(await reasonOf(auth, `Bearer ${text}`), 'malformed-token', text.slice(0, 9))
  }
})

test('a token is expired five seconds after its end, also once it was taken', async () => {
  const { clock, issuer } = await setting()
  const token = `Bearer ${await issuer.issueToken(GRANT)}`
  assert.equal(await reasonOf(issuer.auth, token), 'taken')
  clock.ms = NOW_MS + 64_000
  assert.equal(await reasonOf(issuer.auth, token), 'taken')
  clock.ms = NOW_MS + 65_001
  assert.equal(await reasonOf(issuer.auth, token), 'expired')
})

test('a token is refused for each claim that is wrong', async () => {
  const { auth, signed } = await setting()
  const agency = { role: 'agency', region: '110100' }
  const rows: readonly [object, string][] = [
    [agency, 'taken'],
    [{ ...agency, iss: 'https://other.test' }, 'wrong-issuer'],
    [{ ...agency, aud: 'elsewhere' }, 'wrong-audience'],
    [{ ...agency, aud: ['elsewhere', 'tongchou'] }, 'taken'],
    [{ ...agency, aud: undefined }, 'bad-claims'],
    [{ ...agency, exp: undefined }, 'bad-claims'],
    [{ ...agency, exp: NOW_S - 6 }, 'expired'],
    [{ ...agency, nbf: NOW_S + 6 }, 'not-yet-valid'],
    [{ ...agency, sub: undefined }, 'bad-claims'],
    [{ region: '110100' }, 'bad-claims'],
    [{ role: 'king', region: '110100' }, 'bad-claims'],
    [{ role: ['agency'], region: '110100' }, 'bad-claims'],
    [{ role: 'agency' }, 'bad-claims'],
    [{ role: 'agency', region: '110100\n' }, 'bad-claims'],
    [{ role: 'hospital' }, 'bad-claims'],
    [{ role: 'hospital', institution: 'H1' }, 'taken'],
    [{ role: 'reviewer', region: 5 }, 'bad-claims'],
    [{ role: 'reviewer' }, 'taken'],
  ]
  for (const [claims, expected] of rows) {
    assert.equal(await reasonOf(auth, await signed(claims)), expected, JSON.stringify(claims))
  }
})

test('a token of another key, or changed after signing, has a bad signature', async () => {
  const { issuer, auth, signed } = await setting()
  const foreign = await createTestIssuer({ nowMs: () => NOW_MS })
  const token = await foreign.issueToken(GRANT)
  assert.equal(await reasonOf(issuer.auth, `Bearer ${token}`), 'unknown-key')
  const [header, , signature] = (await signed({ role: 'operator' })).split('.')
  const claims = { sub: 'a', iss: NAMES.issuer, aud: 'tongchou', exp: NOW_S + 60, role: 'centre' }
  const forged = `${header}.${base64url(claims)}.${signature}`
  assert.equal(await reasonOf(auth, forged), 'bad-signature')
  const [, ...rest] = token.split('.')
  const otherKid = base64url({ alg: 'EdDSA', kid: 'k' })
  assert.equal(await reasonOf(auth, `Bearer ${[otherKid, ...rest].join('.')}`), 'bad-signature')
})

test('a token with alg none, or with HS256 over the public key, is refused', async () => {
  const { auth, jwk } = await setting()
  const claims = { sub: 'a', iss: NAMES.issuer, aud: 'tongchou', exp: NOW_S + 60, role: 'centre' }
  const none = `${base64url({ alg: 'none' })}.${base64url(claims)}.`
  assert.equal(await reasonOf(auth, `Bearer ${none}`), 'algorithm-not-allowed')
  const input = `${base64url({ alg: 'HS256', kid: 'k' })}.${base64url(claims)}`
  for (const secret of [Buffer.from(jwk.x ?? '', 'base64url'), JSON.stringify(jwk)]) {
    const mac = createHmac('sha256', secret).update(input).digest('base64url')
    assert.equal(await reasonOf(auth, `Bearer ${input}.${mac}`), 'algorithm-not-allowed')
  }
})

test('a token that carries its own key is not believed', async () => {
  const { auth } = await setting()
  const pair = generateKeyPairSync('ed25519')
  const own = pair.publicKey.export({ format: 'jwk' })
  const claims = { sub: 'a', iss: NAMES.issuer, aud: 'tongchou', exp: NOW_S + 60, role: 'centre' }
  const input = `${base64url({ alg: 'EdDSA', jwk: own })}.${base64url(claims)}`
  const signature = sign(null, Buffer.from(input), pair.privateKey).toString('base64url')
  assert.equal(await reasonOf(auth, `Bearer ${input}.${signature}`), 'bad-signature')
})

test('a token is taken with ES256 and RS256 too', async () => {
  for (const alg of ['ES256', 'RS256']) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg, kid: 'k' }] }
    const auth = createAuthenticator({ jwks, ...NAMES, nowMs: () => NOW_MS })
    const token = await new SignJWT({ role: 'centre' })
      .setProtectedHeader({ alg, kid: 'k' })
      .setIssuer(NAMES.issuer)
      .setAudience(NAMES.audience)
      .setSubject('c')
      .setExpirationTime(NOW_S + 60)
      .sign(privateKey)
    assert.equal(await reasonOf(auth, `Bearer ${token}`), 'taken', alg)
  }
})

test('a token seen before is answered without a promise, for five minutes at most', async () => {
  const { clock, issuer } = await setting()
  const token = `Bearer ${await issuer.issueToken({ ...GRANT, ttlSeconds: 3600 })}`
  assert.ok(issuer.auth.verify(token) instanceof Promise)
  await issuer.auth.verify(token)
  assert.equal(issuer.auth.verify(token) instanceof Promise, false)
  clock.ms += 300_000
  assert.ok(issuer.auth.verify(token) instanceof Promise)
})

test('the key set is read from a file, and again when a token names a new key', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'jwks-'))
  try {
    const path = join(dir, 'jwks.json')
    const clock = { ms: NOW_MS }
    const nowMs = () => clock.ms
    const [first, second] = [await createTestIssuer({ nowMs }), await createTestIssuer({ nowMs })]
    const auth = createAuthenticator({ jwks: path, ...NAMES, nowMs })
    const token = `Bearer ${await first.issueToken(GRANT)}`
    await assert.rejects(async () => auth.verify(token), isUnavailable)
    await writeFile(path, JSON.stringify(first.jwks()))
    assert.equal(await reasonOf(auth, token), 'taken')
    await writeFile(path, JSON.stringify(second.jwks()))
    const newer = `Bearer ${await second.issueToken(GRANT)}`
    assert.equal(await reasonOf(auth, newer), 'unknown-key')
    clock.ms += 6_000
    assert.equal(await reasonOf(auth, newer), 'taken')
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('the key set at a URL that does not answer is our fault, not the caller\u2019s', async () => {
  const issuer = await createTestIssuer({ nowMs: () => NOW_MS })
  let up = false
  const server = createServer((_, reply) => {
    reply.statusCode = up ? 200 : 500
    reply.end(up ? JSON.stringify(issuer.jwks()) : '')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const jwks = `http://127.0.0.1:${address.port}/${randomUUID()}`
  const auth = createAuthenticator({ jwks, ...NAMES, nowMs: () => NOW_MS })
  const token = `Bearer ${await issuer.issueToken(GRANT)}`
  try {
    await assert.rejects(async () => auth.verify(token), isUnavailable)
    up = true
    assert.equal(await reasonOf(auth, token), 'taken')
  } finally {
    server.close()
  }
})

function isUnavailable(error: unknown): boolean {
  return error instanceof Fault && error.code === 'unavailable' && error.retryable
}

test('the embedded issuer keeps one private key and shows the public one', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'issuer-'))
  try {
    const opened = await Promise.all([1, 2, 3].map(() => openIssuer({ dataDir, ...NAMES })))
    assert.equal(new Set(opened.map(({ jwks }) => JSON.stringify(jwks()))).size, 1)
    const path = join(dataDir, 'issuer-key.json')
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    const { d } = JSON.parse(await readFile(path, 'utf8'))
    const [issuer] = opened
    assert.ok(issuer !== undefined && typeof d === 'string')
    assert.equal((await readFile(issuer.jwksPath, 'utf8')).includes(d), false)
    await importJWK(issuer.jwks().keys[0] ?? {}, 'EdDSA')
    const auth = createAuthenticator({ jwks: issuer.jwksPath, ...NAMES })
    assert.equal(await reasonOf(auth, `Bearer ${await issuer.issueToken(GRANT)}`), 'taken')
  } finally {
    await rm(dataDir, { recursive: true })
  }
})
