import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ensureSecretFile } from '../config/secret-file.ts'
import { keyFrom, secretKey } from '../config/variables.ts'
import { Fault } from '../service/fault.ts'
import { KEY_BYTES } from './wrap.ts'

export const MASTER_KEY_VARIABLES = {
  masterKey: secretKey({
    name: 'TONGCHOU_MASTER_KEY',
    otherwise: 'made once in the data directory',
    describes: 'key that wraps the keys of personal data; without it no personal data open',
  }),
}

/**
 * The configured master key, or the one of the data directory (`master-key`, mode 0600), made at
 * first use.
 */
export async function openMasterKey(configured: Buffer | null, dataDir: string): Promise<Buffer> {
  if (configured !== null) return configured
  const path = join(dataDir, 'master-key')
  const text = await ensureSecretFile(path, () => randomBytes(KEY_BYTES).toString('hex'))
  const key = keyFrom(Buffer.from(text))
  if (key === null) throw new Fault('altered', `${path} holds no key`)
  return key
}
