/** A broker for tests that lets in by three doors: an open one, by user and password, over TLS. */
import { execFile } from 'node:child_process'
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import {
  AclOperations,
  Admin,
  alterUserScramCredentialsV0,
  Connection,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka'
import { freePorts } from '../../process/ports.ts'
import type { KafkaClientOptions } from '../client.ts'
import { needJava } from '../embedded/java.ts'
import { ownTestKafka } from '../testing.ts'

export type LockedKafka = {
  /** Whoever comes in here may do everything. */
  readonly open: string
  /** SASL; users have no rights until some are granted. */
  readonly sasl: string
  readonly tls: string
  /** File of the certificate that the TLS door shows. */
  readonly certificate: string
  /** `Write topic a`, `Read group g*` */
  grant(user: string, ...rights: readonly string[]): Promise<void>
  /** Makes a user for SCRAM-SHA-256 as an operator does. */
  addUser(name: string, password: string): Promise<void>
}

export const PASSWORD = 'a-secret'
const STORE_PASSWORD = 'of-the-store'
const ALLOW = 3
const run = promisify(execFile)

/** Knows user `anna`, by PLAIN and by SCRAM-SHA-256. */
export async function lockedKafka(t: Parameters<typeof ownTestKafka>[0]): Promise<LockedKafka> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tongchou-test-keys-'))
  t.after(async () => rmSync(folder, { recursive: true, force: true }))
  const { store, certificate } = await certificateIn(folder)
  const [saslPort = 0, tlsPort = 0] = await freePorts(2)
  const { bootstrap } = await ownTestKafka(t, 1, {
    doors: {
      SASL: { protocol: 'SASL_PLAINTEXT', port: saslPort },
      TLS: { protocol: 'SSL', port: tlsPort },
    },
    users: { anna: PASSWORD },
    settings: settingsWith(store),
  })
  return {
    open: bootstrap,
    sasl: `127.0.0.1:${saslPort}`,
    tls: `127.0.0.1:${tlsPort}`,
    certificate,
    grant: (user, ...rights) => grant(bootstrap, user, rights),
    addUser: (name, password) => addUser(bootstrap, name, password),
  }
}

export function credentials(username: string, password = PASSWORD) {
  return { mechanism: 'scram-sha-256', username, password } satisfies KafkaClientOptions['sasl']
}

function settingsWith(store: string): Readonly<Record<string, string>> {
  const security = 'org.apache.kafka.common.security'
  const plain = `${security}.plain.PlainLoginModule required user_anna="${PASSWORD}";`
  const scram = `${security}.scram.ScramLoginModule required;`
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.sasl.plain.sasl.jaas.config': plain,
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.tls.ssl.keystore.type': 'PKCS12',
    'listener.name.tls.ssl.keystore.location': store,
    'listener.name.tls.ssl.keystore.password': STORE_PASSWORD,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  }
}

/** By the keytool that comes with Java: a key for the address, and its certificate, self-signed. */
async function certificateIn(folder: string) {
  const store = path.join(folder, 'keys.p12')
  const certificate = path.join(folder, 'certificate.pem')
  const { file: java } = await needJava()
  const keytool = path.join(path.dirname(java), 'keytool')
  const at = ['-alias', 'broker', '-keystore', store, '-storepass', STORE_PASSWORD]
  const name = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1', '-validity', '30']
  await run(keytool, ['-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', ...name, ...at])
  await run(keytool, ['-exportcert', '-rfc', '-file', certificate, ...at])
  return { store, certificate }
}

async function grant(open: string, user: string, rights: readonly string[]): Promise<void> {
  const admin = new Admin({ clientId: 'operator', bootstrapBrokers: open.split(',') })
  try {
    await admin.createAcls({ creations: rights.map(right => aclOf(user, right)) })
  } finally {
    await admin.close()
  }
}

const OPERATIONS = new Map([
  ['Create', AclOperations.CREATE],
  ['Describe', AclOperations.DESCRIBE],
  ['Read', AclOperations.READ],
  ['Write', AclOperations.WRITE],
])

function aclOf(user: string, right: string) {
  const [operation = '', kind, name = ''] = right.split(' ')
  const { LITERAL, PREFIXED } = ResourcePatternTypes
  return {
    resourceType: kind === 'group' ? ResourceTypes.GROUP : ResourceTypes.TOPIC,
    resourceName: name === '*' ? name : name.replace(/\*$/, ''),
    resourcePatternType: name !== '*' && name.endsWith('*') ? PREFIXED : LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: OPERATIONS.get(operation) ?? AclOperations.UNKNOWN,
    permissionType: ALLOW,
  } as const
}

const SCRAM_SHA_256 = 1

async function addUser(open: string, name: string, password: string): Promise<void> {
  const [host = '', port = ''] = open.split(':')
  const [salt, iterations] = [randomBytes(16), 4096]
  const saltedPassword = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const connection = new Connection('operator')
  await connection.connect(host, Number(port))
  try {
    const user = { name, mechanism: SCRAM_SHA_256, iterations, salt, saltedPassword }
    await alterUserScramCredentialsV0.api.async(connection, [], [user])
  } finally {
    await connection.close()
  }
}
