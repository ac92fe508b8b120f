/**
 * The gate for policy documents: shape, figures, then the plan. A wrong one is refused with all
 * that is wrong.
 */

import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import {
  checkShape,
  isOverride,
  type PackDocument,
  type PolicyDocument,
  type ShapeProblem,
} from '@tongchou/contracts/policy-document.ts'
import { type ComputesGap, gapsOf } from './computes.ts'
import type { Breach } from './guards/check.ts'
import { demandsOn, type Replaced } from './guards/demands.ts'
import { tryCompile } from './plan/compile.ts'
import { resolveOverride } from './plan/parent.ts'
import type { Plan } from './plan/plan.ts'

export type Loaded = {
  readonly ok: true
  /** The whole document, also of one that was written as an override. */
  readonly document: PolicyDocument
  readonly plan: Plan
  /** SHA-256 of the canonical JSON, lowercase hex: what events pin. */
  readonly hash: string
  /** What the policy refuses to compute at home, with the reason. */
  readonly cannotCompute: readonly ComputesGap[]
  /** What other packs ask in principle and this one does not give. */
  readonly warnings: readonly Breach[]
}
export type NotLoaded = { readonly ok: false; readonly problems: readonly Problem[] }

/** What a document is held to beside itself. */
export type LoadContext = {
  /** Packs that an override may build on. */
  readonly parents?: readonly PackDocument[]
  /** Packs whose guards hold for this one, e.g. those of its province. */
  readonly guards?: readonly Plan[]
  /** The pack whose place it takes, and how the pooled fund stands in the year to date. */
  readonly replaces?: Replaced
  /** Told: what breaks a binding guard is loaded too, with a warning, e.g. to compare a draft. */
  readonly breaches?: 'refused' | 'told'
}

/**
 * Loads a policy in any form from parsed JSON. Refuses a wrong document with the path, the rule and
 * what to do for every fault found; faults of shape are reported before figures are looked at. An
 * override is held to the guards of its parent too.
 */
export function loadPolicy(value: unknown, context: LoadContext = {}): Loaded | NotLoaded {
  const shape = checkShape(value)
  if (!shape.ok) return { ok: false, problems: shape.problems.map(shapeProblem) }
  if (!isOverride(shape.document)) return loadWhole(shape.document, context)
  const { parents = [], guards = [] } = context
  const { packId } = shape.document.parent
  const parent = parents.find(known => known.packId === packId)
  const resolved = resolveOverride(shape.document, () => parent)
  if (!resolved.ok || parent === undefined) return { ok: false, problems: problemsIn(resolved) }
  const above = tryCompile(parent)
  return loadPolicy(resolved.document, {
    ...context,
    guards: above.ok ? [...guards, above.plan] : guards,
  })
}

function problemsIn(resolved: ReturnType<typeof resolveOverride>): readonly Problem[] {
  return resolved.ok ? [] : resolved.problems
}

function loadWhole(document: PolicyDocument, context: LoadContext) {
  const { guards = [], replaces, breaches: broken = 'refused' } = context
  const compiled = tryCompile(document)
  if (!compiled.ok) return compiled
  const { plan } = compiled
  const { breaches, succession } = demandsOn(plan, guards, replaces)
  const refused = broken === 'told' ? [] : breaches.filter(({ severity }) => severity === 'refusal')
  const problems = [...refused, ...succession]
  if (problems.length > 0) return { ok: false, problems } as const
  const { hash } = plan
  const cannotCompute = gapsOf(plan)
  return { ok: true, document, plan, hash, cannotCompute, warnings: breaches } as const
}

function shapeProblem({ path, keyword, message }: ShapeProblem): Problem {
  const ofRate = /Bp(\.|$)/.test(path) && (keyword === 'maximum' || keyword === 'minimum')
  return problem(path, ofRate ? 'rate-out-of-range' : 'shape', message)
}
