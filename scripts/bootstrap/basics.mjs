/** Small things that the installer and its lock share. Runs on Node 18, before anything is installed. */
import fs from 'node:fs'

/** Something the reader can mend; printed without a stack. */
export class Trouble extends Error {}

/** Progress goes to stderr: stdout belongs to the script that runs in the end. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

export function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

export function ownMajor() {
  return Number(process.versions.node.split('.')[0])
}
