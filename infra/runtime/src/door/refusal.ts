import type { Problem } from '@tongchou/contracts/http/problem.ts'
import type { Extension, HttpProblem } from '../http/problem.ts'
import { problemReply } from '../http/problem.ts'
import type { AnyRefusal } from '../service/aggregate.ts'

/**
 * A decider's refusal as a problem: its kind gives status and title, its figures are the
 * extensions.
 */
export function refusalProblem<R extends AnyRefusal>(
  problems: Readonly<Record<R['kind'], Problem>>,
  refusal: R,
): HttpProblem {
  const { kind, ...figures } = refusal
  const problem: Problem = problems[kind as R['kind']]
  return problemReply(kind, problem, {
    extensions: figures as { readonly [name: string]: Extension | undefined },
  })
}
