/**
 * The gate for policy documents: shape, figures, then the plan. A wrong one is refused with all
 * that is wrong.
 */
import {
  checkShape,
  type PolicyDocument,
  type ShapeProblem,
} from '@tongchou/contracts/policy-document.ts'
import { type ComputesGap, gapsOf } from './computes.ts'
import { tryCompile } from './plan/compile.ts'
import type { Plan } from './plan/plan.ts'
import { type Problem, problem } from './plan/problems.ts'

export type Loaded = {
  readonly ok: true
  readonly document: PolicyDocument
  readonly plan: Plan
  /** SHA-256 of the canonical JSON, lowercase hex: what events pin. */
  readonly hash: string
  /** What the policy refuses to compute at home, with the reason. */
  readonly cannotCompute: readonly ComputesGap[]
}
export type NotLoaded = { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Loads a policy in either form from parsed JSON. Refuses a wrong document with the path, the
 * rule and what to do for every fault found; faults of shape are reported before figures are
 * looked at.
 */
export function loadPolicy(value: unknown): Loaded | NotLoaded {
  const shape = checkShape(value)
  if (!shape.ok) return { ok: false, problems: shape.problems.map(shapeProblem) }
  const compiled = tryCompile(shape.document)
  if (!compiled.ok) return compiled
  const { plan } = compiled
  const { hash } = plan
  return { ok: true, document: shape.document, plan, hash, cannotCompute: gapsOf(plan) }
}

function shapeProblem({ path, keyword, message }: ShapeProblem): Problem {
  const ofRate = /Bp(\.|$)/.test(path) && (keyword === 'maximum' || keyword === 'minimum')
  return problem(path, ofRate ? 'rate-out-of-range' : 'shape', message)
}
