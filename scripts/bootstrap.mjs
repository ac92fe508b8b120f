#!/usr/bin/env node
/**
 * Makes a fresh clone ready and runs a script of the workspace:
 * `node scripts/bootstrap.mjs scripts/start.ts ARGS…`. Needs Node 18 or newer and npm, nothing else.
 * Plain JavaScript, because it runs before there is a Node that strips types.
 */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { ownMajor, readText, say, Trouble } from './bootstrap/basics.mjs'
import { ROOT, readyNode } from './bootstrap/install.mjs'

const PARENT_POLL_MS = 250

/** True when the terminal has sent the signal to the whole foreground group, our child included. */
function sentByTerminal(signal) {
  if (signal === 'SIGTERM') return false
  const stat = readText('/proc/self/stat')
  if (stat === undefined) return Boolean(process.stdin.isTTY || process.stdout.isTTY)
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return terminal !== '0' && group === foreground
}

/**
 * npm passes signals on to its shell only: when that is gone, nobody would stop us. A parent that
 * is not npm may leave on purpose, as a shell does after `&`.
 */
function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_script?.includes('scripts/bootstrap.mjs')) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, PARENT_POLL_MS)
}

function run(node, script, args) {
  const bin = path.join(ROOT, 'node_modules', '.bin')
  const search = (process.env.PATH ?? '').split(path.delimiter).filter(entry => entry !== bin)
  const env = { ...process.env, PATH: [bin, ...search].join(path.delimiter) }
  env.NODE_COMPILE_CACHE ??= path.join(ROOT, 'node_modules', '.cache', 'node-compile')
  const child = spawn(node, [script, ...args], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      if (!sentByTerminal(signal)) child.kill(signal)
    })
  }
  stopWithNpm(child)
  child.on('error', error => {
    say(`${node} does not start: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function main() {
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined) throw new Trouble('usage: node scripts/bootstrap.mjs SCRIPT.ts [ARGS…]')
  const script = path.resolve(ROOT, name)
  if (!fs.existsSync(script)) throw new Trouble(`there is no ${script}`)
  if (Number.isNaN(ownMajor()) || ownMajor() < 18) {
    throw new Trouble(`Node ${process.versions.node} is too old: 18 or newer is needed to begin.`)
  }
  run(readyNode(), script, args)
}

try {
  main()
} catch (error) {
  if (!(error instanceof Trouble)) throw error
  say(error.message)
  process.exit(1)
}
