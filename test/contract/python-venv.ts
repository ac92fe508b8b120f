/** Python with the packages of `python/requirements.txt`, in a folder of the user for all runs. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const REQUIREMENTS = path.join(import.meta.dirname, 'python/requirements.txt')
const NO_PYTHON = 'needs Python 3.10 or newer with venv, and PyPI'
const INSTALL_MS_MAX = 60_000
/** Tells the version, and fails where one cannot make a folder with pip in it. */
const PROBE =
  'import sys, venv, ensurepip; assert sys.version_info >= (3, 10); ' +
  'print(sys.implementation.cache_tag)'

/**
 * Why this machine has no such Python, for `skip`; false when it has, and where
 * TONGCHOU_TEST_REQUIRE names python: then the test fails instead.
 */
export async function noPython(): Promise<string | false> {
  const { TONGCHOU_TEST_REQUIRE: required = '' } = process.env
  if (required.split(',').includes('python')) return false
  try {
    await ensurePython()
    return false
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    // What PyPI gives must be what was locked: no reason to look away.
    if (/DO NOT MATCH THE HASHES/.test(text)) throw cause
    return `${NO_PYTHON}: ${text.trim().split('\n').at(-1)}`
  }
}

/** The interpreter; installs what is missing. */
export async function ensurePython(): Promise<string> {
  const { stdout: tag } = await run('python3', ['-c', PROBE])
  const lock = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12)
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache')
  const home = path.join(cache, 'tongchou', `python-${tag.trim()}-${lock}`)
  if (!existsSync(home)) await install(home)
  return pythonIn(home)
}

const pythonIn = (folder: string) => path.join(folder, 'bin/python')

/** Aside, then moved into place: half a folder is never taken for a whole one. */
async function install(home: string): Promise<void> {
  mkdirSync(path.dirname(home), { recursive: true })
  const aside = mkdtempSync(`${home}-`)
  try {
    await run('python3', ['-m', 'venv', aside])
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries', '1']
    const locked = ['--require-hashes', '--only-binary', ':all:', '-r', REQUIREMENTS]
    await run(pythonIn(aside), ['-m', 'pip', 'install', ...quiet, ...locked], {
      timeout: INSTALL_MS_MAX,
    })
    renameSync(aside, home)
  } catch (cause) {
    rmSync(aside, { recursive: true, force: true })
    // Another test process may have been first.
    if (!existsSync(home)) throw cause
  }
}
