/** Bodies and lines of claims against the one schema, with one way to say what is wrong. */
import { ClaimJson } from '@tongchou/contracts/http/claim.ts'
import type { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import { commonProblem, problemReply } from '@tongchou/runtime/http/problem.ts'
import { createValidatorCompiler, validationProblem } from '@tongchou/runtime/http/validation.ts'
import type { ParsedClaim } from '../claim/parse.ts'
import { parseClaim } from '../claim/parse.ts'
import type { ClearingRefusal } from './problems.ts'
import { CLAIM_PROBLEMS } from './problems.ts'

const matches = createValidatorCompiler()({ schema: ClaimJson, httpPart: 'body' })

/** A line of a batch, or why it is no claim. */
export function checkLine(value: unknown): ParsedClaim | HttpProblem {
  if (!matches(value)) {
    return validationProblem(
      (matches.errors ?? []) as Parameters<typeof validationProblem>[0],
      'body',
    )
  }
  return checkParsed(value as ClaimJson)
}

/** A body that passed the schema, made exact. */
export function checkParsed(json: ClaimJson): ParsedClaim | HttpProblem {
  const parsed = parseClaim(json)
  if (!('rule' in parsed)) return parsed
  const { field, rule } = parsed
  return commonProblem('malformed', { detail: `${field}: ${rule}`, extensions: { field, rule } })
}

/** A typed refusal as the problem that the caller sees. */
export function refusalProblem(refusal: ClearingRefusal): HttpProblem {
  const { kind, ...figures } = refusal
  return problemReply(kind, CLAIM_PROBLEMS[kind], { extensions: figures })
}
