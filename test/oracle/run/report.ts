/** What a run found, as text. */
import type { Found, Row } from './run.ts'

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, claims, refused, seconds, differences, why }) =>
    why === null
      ? [name, String(claims), String(refused), seconds.toFixed(1), String(differences), '']
      : [name, '–', '–', '–', '–', why],
  )
  const head = ['policy', 'claims', 'no rule', 'seconds', 'differences', '']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map(line => (column < 5 ? (line[column] ?? '').length : 0))),
  )
  const layOut = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column === 0 || column === 5
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [layOut(head), ...lines.map(layOut)].join('\n')
}

/** The history, both results, and the command that shows it again. */
export function differenceOf(name: string, seed: number, { person, shrunk, difference }: Found) {
  const { at, oracle, engine } = difference
  const names = [...new Set([...Object.keys(oracle), ...Object.keys(engine)])]
  const figures = names.map(figure => {
    const mark = oracle[figure] === engine[figure] ? ' ' : '≠'
    return `  ${mark} ${figure}: oracle ${oracle[figure] ?? '–'}, engine ${engine[figure] ?? '–'}`
  })
  const place = at < shrunk.steps.length ? `step ${at + 1}` : 'the totals of a year'
  return [
    `${name}: ${place} differs`,
    `  account before the first: ${shrunk.opening}`,
    ...shrunk.steps.map((step, index) => `  ${index + 1}. ${written(step)}`),
    ...figures,
    `  again: pnpm oracle --pack '${name}' --seed ${seed} --person ${person}`,
  ].join('\n')
}

function written(step: unknown): string {
  return JSON.stringify(step, (_, value) => (typeof value === 'bigint' ? Number(value) : value))
}
