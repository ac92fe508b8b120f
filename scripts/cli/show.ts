/** Tables to compare, a bar for long work; both plain where the output is no terminal. */
import { Presets, SingleBar } from 'cli-progress'
import Table from 'cli-table3'

export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | bigint)[])[],
): string {
  const numeric = head.map((_, column) => rows.every(row => typeof row[column] !== 'string'))
  const made = new Table({
    head: [...head],
    colAligns: numeric.map(isNumber => (isNumber ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) made.push(row.map(cell => String(cell)))
  return made.toString()
}

/** Fen as yuan with separators: 1234567n → 12,345.67. */
export function yuan(fen: bigint | number): string {
  const value = BigInt(fen)
  const sign = value < 0n ? '-' : ''
  const text = String(value < 0n ? -value : value).padStart(3, '0')
  const whole = text.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${whole}.${text.slice(-2)}`
}

export type Progress = { readonly step: (by?: number) => void; readonly done: () => void }

export function progress(label: string, total: number): Progress {
  if (!process.stderr.isTTY) {
    return { step: () => {}, done: () => console.error(`${label}: ${total.toLocaleString('en')}`) }
  }
  const format = `${label.padEnd(28)} {bar} {percentage} % | {value}/{total} | {eta} s left`
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return { step: by => bar.increment(by ?? 1), done: () => bar.stop() }
}
