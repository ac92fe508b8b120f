import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { problemReply } from '@tongchou/runtime/http/problem.ts'
import type { WindowRefusal } from './decide.ts'

type Refused = WindowRefusal | { readonly kind: 'unknown-window'; readonly windowNo: number }

export const WINDOW_PROBLEMS = {
  'window-number-taken': { status: 409, title: 'Another cut took the number' },
  'window-not-netted': { status: 409, title: 'The window is not netted yet' },
  'region-not-in-window': { status: 422, title: 'The region has no obligation in the window' },
  'already-confirmed': { status: 409, title: 'The region confirmed under another reference' },
  'unknown-window': { status: 404, title: 'There is no such window' },
} as const satisfies Record<Refused['kind'], Problem>

export function windowProblem(refusal: Refused): HttpProblem {
  const { kind, ...figures } = refusal
  return problemReply(kind, WINDOW_PROBLEMS[kind], { extensions: figures })
}
