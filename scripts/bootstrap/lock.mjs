/** One install at a time in a checkout, however many bootstraps start at once. */
import fs from 'node:fs'
import { readText, say, Trouble } from './basics.mjs'

const LOCK_WAIT_MS = 600_000
const POLL_MS = 100

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** When a process began, so that a reused process number is not taken for the old process. */
function processStart(pid) {
  const stat = readText(`/proc/${pid}/stat`)
  return stat === undefined ? '' : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

function isAlive({ pid, start }) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  return process.platform !== 'linux' || processStart(pid) === start
}

/** Holds the lock file while `work` runs; a lock whose holder is dead is taken over. */
export function withLock(lock, work) {
  const mine = `${lock}.${process.pid}`
  const me = { pid: process.pid, start: processStart(process.pid) }
  fs.writeFileSync(mine, JSON.stringify(me))
  try {
    waitForLock(mine, lock)
  } finally {
    fs.rmSync(mine, { force: true })
  }
  try {
    return work()
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

function waitForLock(mine, lock) {
  const giveUpAt = Date.now() + LOCK_WAIT_MS
  let told = false
  while (!tryLink(mine, lock)) {
    const text = readText(lock)
    if (text === undefined) continue
    const holder = JSON.parse(text)
    if (!isAlive(holder)) {
      removeStaleLock(lock, text)
      continue
    }
    if (!told) say(`waiting for another install of this checkout (process ${holder.pid}) …`)
    told = true
    if (Date.now() > giveUpAt) {
      throw new Trouble(`process ${holder.pid} still installs: end it, then run this again`)
    }
    sleep(POLL_MS)
  }
}

function tryLink(from, to) {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Moves the lock aside first: if another process was quicker, its fresh lock is put back. */
function removeStaleLock(lock, text) {
  const aside = `${lock}.stale.${process.pid}`
  try {
    fs.renameSync(lock, aside)
  } catch {
    return
  }
  if (readText(aside) !== text) tryLink(aside, lock)
  fs.rmSync(aside, { force: true })
}
