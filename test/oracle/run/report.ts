/** What a run found, as text. */
import type { Found, Row } from './run.ts'

export function tableOf(rows: readonly Row[]): string {
  const head = ['policy', 'claims', 'no rule', 'seconds', 'differences', 'left out']
  const lines = rows.map(({ name, claims, refused, seconds, differences, why, open }) =>
    why === null
      ? [name, String(claims), String(refused), seconds.toFixed(1), String(differences), open ?? '']
      : [name, '–', '–', '–', '–', why],
  )
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map(line => (column < 5 ? (line[column] ?? '').length : 0))),
  )
  return [head, ...lines].map(line => laidOut(line, widths)).join('\n')
}

function laidOut(line: readonly string[], widths: readonly number[]): string {
  const cells = line.map((cell, column) => {
    const width = widths[column] ?? 0
    return column === 0 ? cell.padEnd(width) : column === 5 ? cell : cell.padStart(width)
  })
  return cells.join('  ').trimEnd()
}

/** The history, both results, and the command that shows it again. */
export function differenceOf(name: string, seed: number, found: Found): string {
  const { person, steps, place, oracle, engine } = found
  const names = [...new Set([...Object.keys(oracle), ...Object.keys(engine)])]
  const figures = names.map(figure => {
    const mark = oracle[figure] === engine[figure] ? ' ' : '≠'
    return `  ${mark} ${figure}: oracle ${oracle[figure] ?? '–'}, engine ${engine[figure] ?? '–'}`
  })
  return [
    `${name}: ${place} differs`,
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    ...figures,
    `  again: pnpm oracle --pack '${name}' --seed ${seed} --person ${person}`,
  ].join('\n')
}
