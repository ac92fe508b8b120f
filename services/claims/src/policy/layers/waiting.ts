/** The days after a payment in which a person is not yet entitled (等待期). */

import { attributeValue, resolve } from '@tongchou/contracts/policy/rule/rule.ts'
import { type BusinessDate, isBusinessDate } from '@tongchou/contracts/time.ts'
import type { Leaf, Waiting } from '../plan/plan.ts'
import type { Run } from './run.ts'
import { figureOf, step } from './steps.ts'

/**
 * True from the day on that lies so many calendar months after the day that the attribute gives; 0
 * months ask for no day. A figure: it is not known. @source P04-R23
 */
export function isWaitingOver(
  run: Run,
  { since, months, absent }: Waiting,
): boolean | Leaf<unknown> {
  const leaf = resolve(months, run.rules)
  if (leaf.value === null) return leaf
  if (leaf.value === 0) return true
  const paidOn = attributeValue(since, run.facts.attributes)
  if (paidOn === null || !isBusinessDate(paidOn)) return absent
  const firstDay = addMonths(paidOn, leaf.value)
  const { beginOn } = run.facts
  const result = beginOn >= firstDay
  run.sink?.(
    step('waiting', 'covered', {
      inputs: { paidOn, firstDay, beginOn },
      figures: [figureOf(leaf, leaf.value)],
      result,
    }),
  )
  return result
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The same day so many months later; the last of the month where it has no such day. */
export function addMonths(on: BusinessDate, months: number): BusinessDate {
  const [year = 0, month = 1, day = 1] = on.split('-').map(Number)
  const index = year * 12 + month - 1 + months
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1]
  const leap = toMonth === 2 && toYear % 4 === 0 && (toYear % 100 !== 0 || toYear % 400 === 0)
  const last = (MONTH_DAYS[toMonth - 1] ?? 31) + (leap ? 1 : 0)
  const text = [pad(toYear, 4), pad(toMonth, 2), pad(Math.min(day, last), 2)].join('-')
  return text as BusinessDate
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
