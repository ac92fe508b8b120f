/** The Java of the machine. Kafka 4 needs 17. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const LEAST = 17
const run = promisify(execFile)

export type Java = { readonly file: string; readonly major: number }

/** Undefined where there is none; what is too old counts as none. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java | undefined> {
  const home = env['JAVA_HOME']
  const files = [...(home === undefined ? [] : [path.join(home, 'bin', 'java')]), 'java']
  for (const file of files) {
    const major = await majorOf(file)
    if (major !== undefined && major >= LEAST) return { file, major }
  }
  return undefined
}

/** Throws an error that says what to do. */
export async function needJava(): Promise<Java> {
  const java = await findJava()
  if (java !== undefined) return java
  throw new Error(
    `Apache Kafka needs Java ${LEAST} or newer: install one, set JAVA_HOME, or use a broker of ` +
      `your own (Debian: openjdk-${LEAST}-jre-headless)`,
  )
}

async function majorOf(file: string): Promise<number | undefined> {
  try {
    const { stderr } = await run(file, ['-version'])
    const major = /version "(\d+)/.exec(stderr)?.[1]
    return major === undefined ? undefined : Number(major)
  } catch {
    return undefined
  }
}
