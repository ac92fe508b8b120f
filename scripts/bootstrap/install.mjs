/** Brings the workspace to what its lockfile says: pnpm into `.tools`, packages into `node_modules`. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownMajor, readText, say, Trouble } from './basics.mjs'
import { withLock } from './lock.mjs'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const TOOLS = path.join(ROOT, '.tools')
const STAMP = path.join(ROOT, 'node_modules', '.tongchou-installed.json')
const UNFINISHED = path.join(TOOLS, 'install.unfinished')
const LOCK = path.join(TOOLS, 'install.lock')
const PNPM_VERSION = '12.21.0'
const NODE_MAJOR = 24
const OUTPUT_LINES = 30

function writeWhole(file, text) {
  const part = `${file}.${process.pid}`
  fs.writeFileSync(part, text)
  fs.renameSync(part, file)
}

/** Changes whenever an install could give something else than what lies there. */
function installKey() {
  const sum = createHash('sha256').update(`${process.platform}-${process.arch}\n`)
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    const file = path.join(ROOT, name)
    if (!fs.existsSync(file)) throw new Trouble(`${file} is missing: is this a whole checkout?`)
    sum.update(fs.readFileSync(file))
  }
  return sum.digest('hex')
}

/** What the finished install left, or undefined when there is none for this key. */
function finishedInstall(key) {
  const text = readText(STAMP)
  if (text === undefined) return undefined
  let stamp
  try {
    stamp = JSON.parse(text)
  } catch {
    return undefined
  }
  if (stamp.key !== key) return undefined
  if (!stamp.folders.every(folder => fs.existsSync(path.join(ROOT, folder)))) return undefined
  const node = stamp.node === null ? process.execPath : path.join(ROOT, stamp.node)
  if (stamp.node === null && ownMajor() < NODE_MAJOR) return undefined
  return fs.existsSync(node) ? node : undefined
}

/** A home folder that can be written: npm and pnpm keep their caches there. */
function installEnv() {
  const env = { ...process.env }
  delete env.npm_config_local_prefix
  delete env.npm_config_global_prefix
  const home = os.homedir()
  try {
    fs.accessSync(home, fs.constants.W_OK)
  } catch {
    env.HOME = path.join(TOOLS, 'home')
    fs.mkdirSync(env.HOME, { recursive: true })
    for (const name of ['XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']) delete env[name]
    // An npm that runs us has set these from the home that cannot be written.
    for (const name of ['npm_config_cache', 'npm_config_userconfig']) delete env[name]
    const settings = path.join(home, '.npmrc')
    if (readText(settings) !== undefined) env.NPM_CONFIG_USERCONFIG = settings
  }
  return env
}

/** Runs an installer to its end. Throws Trouble with the last lines of its output. */
function runInstaller(what, command, args, cwd) {
  const done = spawnSync(command, args, {
    cwd,
    env: installEnv(),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  if (done.status === 0) return
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-OUTPUT_LINES)
  const how = done.error ? done.error.message : `exit ${done.signal ?? done.status}`
  throw new Trouble(`${what} failed (${how})\n${output.map(line => `  | ${line}`).join('\n')}`)
}

function pnpmBinary(folder) {
  const own = path.join(folder, 'node_modules/@pnpm', `exe.${process.platform}-${process.arch}`)
  const candidates = [path.join(own, 'pnpm'), path.join(folder, 'node_modules/.bin/pnpm')]
  return candidates.find(file => {
    if (!fs.existsSync(file)) return false
    const asked = spawnSync(file, ['--version'], { cwd: folder, encoding: 'utf8' })
    return asked.status === 0 && asked.stdout.trim() === PNPM_VERSION
  })
}

/** pnpm's own binary, installed from npm into `.tools/pnpm` by its committed lockfile. */
function ensurePnpm() {
  const folder = path.join(TOOLS, 'pnpm')
  const present = pnpmBinary(folder)
  if (present !== undefined) return present
  say(`installing pnpm ${PNPM_VERSION} …`)
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) {
    fs.copyFileSync(path.join(ROOT, 'scripts/bootstrap', name), path.join(folder, name))
  }
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=optional']
  const where = ['--prefix', folder]
  const advice = 'Is npm on the PATH, and does `npm ping` answer? Then run this again.'
  try {
    runInstaller('npm ci', 'npm', ['ci', ...quiet, ...where], folder)
    // The lockfile has the binaries for glibc Linux; elsewhere npm picks by pnpm's own list.
    if (pnpmBinary(folder) === undefined) {
      const name = `pnpm@${PNPM_VERSION}`
      runInstaller('npm install', 'npm', ['install', '--no-save', ...quiet, ...where, name], folder)
    }
  } catch (error) {
    throw error instanceof Trouble ? new Trouble(`${error.message}\n${advice}`) : error
  }
  const binary = pnpmBinary(folder)
  if (binary === undefined) {
    throw new Trouble(`pnpm ${PNPM_VERSION} has no binary for ${process.platform} ${process.arch}`)
  }
  return binary
}

/** The `node_modules` folders of the workspace, relative to its root. */
function moduleFolders() {
  const found = []
  for (const folder of ['.', 'infra', 'services', ...subfolders('.')]) {
    for (const name of folder === '.' ? [''] : ['', ...subfolders(folder)]) {
      const candidate = path.join(folder, name, 'node_modules')
      if (fs.existsSync(path.join(ROOT, candidate))) found.push(candidate)
    }
  }
  return [...new Set(found)]
}

function subfolders(folder) {
  return fs
    .readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'node_modules')
    .map(entry => entry.name)
    .filter(name => !name.startsWith('.'))
}

/** The Node to run with: the one just installed, else this one when it is new enough. */
function chooseNode() {
  const installed = path.join('node_modules', '.bin', 'node')
  const asked = spawnSync(path.join(ROOT, installed), ['--version'], { encoding: 'utf8' })
  if (asked.status === 0 && asked.stdout.startsWith(`v${NODE_MAJOR}.`)) return installed
  if (ownMajor() >= NODE_MAJOR) return null
  throw new Trouble(
    `There is no Node ${NODE_MAJOR} in npm for ${process.platform} ${process.arch} with this C ` +
      `library, and this is Node ${process.versions.node}. Install Node ${NODE_MAJOR} or newer, ` +
      'then run this again.',
  )
}

function install(key) {
  const present = finishedInstall(key)
  if (present !== undefined) return
  if (fs.existsSync(UNFINISHED)) {
    say('an earlier install did not finish: starting over …')
    for (const folder of moduleFolders()) {
      fs.rmSync(path.join(ROOT, folder), { recursive: true, force: true })
    }
  }
  const startedAt = Date.now()
  const pnpm = ensurePnpm()
  say('installing packages …')
  fs.writeFileSync(UNFINISHED, '')
  fs.rmSync(STAMP, { force: true })
  // `pmOnFail`: else pnpm wants its own binaries for every platform noted in the lockfile.
  const settings = ['--config.confirmModulesPurge=false', '--config.pmOnFail=ignore']
  try {
    runInstaller('pnpm install', pnpm, ['install', '--frozen-lockfile', ...settings], ROOT)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    fs.rmSync(UNFINISHED, { force: true })
    const advice = error.message.includes('OUTDATED_LOCKFILE')
      ? `A package.json changed without its lockfile: run \`${pnpm} install\` and commit both.`
      : 'Is the npm registry reachable (`npm ping`)? Then run this again.'
    throw new Trouble(`${error.message}\n${advice}`)
  }
  const stamp = { key, node: chooseNode(), folders: moduleFolders() }
  writeWhole(STAMP, JSON.stringify(stamp))
  fs.rmSync(UNFINISHED, { force: true })
  say(`installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** The Node 24 to run with, after an install if one is due. */
export function readyNode() {
  const key = installKey()
  const present = finishedInstall(key)
  if (present !== undefined) return present
  try {
    fs.mkdirSync(TOOLS, { recursive: true })
    fs.accessSync(ROOT, fs.constants.W_OK)
    withLock(LOCK, () => install(key))
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
    throw new Trouble(
      `An install is due and ${error.path ?? ROOT} cannot be written (${error.code}): ` +
        'run this once as the owner of the checkout.',
    )
  }
  const node = finishedInstall(key)
  if (node === undefined) throw new Trouble('The install went away meanwhile: run this again.')
  return node
}
