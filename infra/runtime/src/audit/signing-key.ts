/**
 * The Ed25519 key that signs checkpoints: made once in the data directory; its public half stands
 * beside it.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureSecretFile } from '../config/secret-file.ts'
import { keyFromVerificationKey, keyIdOf, verificationKeyOf } from './checkpoint.ts'

const PRIVATE_FILE = 'checkpoint-key.pem'
const PUBLIC_FILE = 'checkpoint-key.pub'

export type SigningKey = {
  readonly keyId: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Mode 0600; `checkpoint-key.pub` holds the public key for whoever verifies. */
export async function openSigningKey(dataDir: string): Promise<SigningKey> {
  const pem = await ensureSecretFile(join(dataDir, PRIVATE_FILE), () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  const privateKey = createPrivateKey(pem)
  const publicKey = createPublicKey(privateKey)
  const text = `${verificationKeyOf(publicKey)}\n`
  await writeFile(join(dataDir, PUBLIC_FILE), text, { mode: 0o644 })
  return { keyId: keyIdOf(publicKey), privateKey, publicKey }
}

/** The public key of a data directory; undefined when no service has run on it yet. */
export async function readPublicKey(dataDir: string): Promise<KeyObject | undefined> {
  try {
    return keyFromVerificationKey(await readFile(join(dataDir, PUBLIC_FILE), 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
