/**
 * Apache Kafka's jars from Maven Central, by a lock file: what is in the folder has the sizes and
 * hashes of the lock, or is fetched. Made anew with `mvn dependency:copy-dependencies`
 * (useRepositoryLayout) when the version moves.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

type Jar = { readonly path: string; readonly size: number; readonly sha256: string }
type Lock = { readonly kafka: string; readonly jars: readonly Jar[] }

const LOCK: Lock = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'jars.lock.json'), 'utf8'),
)
export const KAFKA_VERSION = LOCK.kafka
export const MAVEN_CENTRAL = 'https://repo.maven.apache.org/maven2'
const PARALLEL = 6
const FETCH_MS = 60_000

export type JarsOptions = {
  /** Where the jars are kept; one folder of the user for all checkouts unless told. */
  readonly folder?: string
  /** Base address of a Maven repository: TONGCHOU_MAVEN, or Maven Central. */
  readonly from?: string
  readonly log: (message: string) => void
}

/** Class path of all jars, fetched where they are missing or damaged. */
export async function ensureJars({ folder, from, log }: JarsOptions): Promise<string> {
  const home = folder ?? defaultFolder()
  const base = (from ?? process.env['TONGCHOU_MAVEN'] ?? MAVEN_CENTRAL).replace(/\/+$/, '')
  mkdirSync(home, { recursive: true })
  const missing = LOCK.jars.filter(jar => !isThere(home, jar))
  if (missing.length > 0) {
    log(`fetching ${missing.length} jars of Apache Kafka ${KAFKA_VERSION} from ${base}`)
    const rest = missing.values()
    await Promise.all(Array.from({ length: PARALLEL }, () => fetchAll(rest, { home, base })))
  }
  return LOCK.jars.map(jar => fileOf(home, jar)).join(path.delimiter)
}

function defaultFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache')
  return path.join(cache, 'tongchou', `kafka-${KAFKA_VERSION}`)
}

function fileOf(home: string, jar: Jar): string {
  return path.join(home, path.basename(jar.path))
}

/** By size: the hash was checked when it was fetched. */
function isThere(home: string, jar: Jar): boolean {
  return statSync(fileOf(home, jar), { throwIfNoEntry: false })?.size === jar.size
}

type Where = { readonly home: string; readonly base: string }

async function fetchAll(jars: Iterable<Jar>, { home, base }: Where): Promise<void> {
  for (const jar of jars) {
    const bytes = await fetchJar(`${base}/${jar.path}`)
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== jar.sha256) {
      throw new Error(`${base}/${jar.path} has SHA-256 ${found}, not ${jar.sha256}: not used`)
    }
    const file = fileOf(home, jar)
    const part = `${file}.${process.pid}.part`
    writeFileSync(part, bytes)
    renameSync(part, file)
  }
}

async function fetchJar(address: string): Promise<Buffer> {
  const hint = 'set TONGCHOU_MAVEN to a Maven repository that can be reached'
  const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_MS) }).catch(cause => {
    throw new Error(`${address} cannot be fetched: ${hint}`, { cause })
  })
  if (!answer.ok) throw new Error(`${address} was answered with ${answer.status}: ${hint}`)
  return Buffer.from(await answer.arrayBuffer())
}
