/** Whether two bills are made from the same facts. */
import type { BillAsked } from './commands.ts'

const ASKED = [
  ...['employerNo', 'status', 'age', 'averageWageFen', 'wageFen', 'given', 'attributes'],
] as readonly (keyof BillAsked)[]

/** Names of the facts that differ; a due date that is not asked for is any. */
export function differing(asked: BillAsked, issued: BillAsked): readonly string[] {
  const differs: string[] = ASKED.filter(field => textOf(asked[field]) !== textOf(issued[field]))
  if (asked.dueOn !== null && asked.dueOn !== issued.dueOn) differs.push('dueOn')
  return differs
}

/** Equal exactly when the values are. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(String(entry))}`)
    .join()
}
