/** Turns a written policy, in either form, into the plan that the engine runs. */
import { assert } from '@tongchou/contracts/decision.ts'
import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { isLanguageForm, type PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import { isBusinessDate } from '@tongchou/contracts/time.ts'
import { checkPlan } from './check.ts'
import { contentHash } from './content-hash.ts'
import type { Plan } from './plan.ts'
import { readPack } from './read-pack.ts'
import { readTable } from './read-table.ts'

export type Compiled =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Compiles a document of the right shape. A plan is yielded only when nothing is wrong with its
 * figures.
 */
export function tryCompile(document: PolicyDocument): Compiled {
  const problems: Problem[] = [...wrongDates(document)]
  const hash = contentHash(document)
  const plan = isLanguageForm(document)
    ? readPack(document, hash, problems)
    : readTable(document, hash, problems)
  problems.push(...checkPlan(plan))
  return problems.length === 0 ? { ok: true, plan } : { ok: false, problems: distinct(problems) }
}

/** Layers that two kinds of claims share are read and judged once for each. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const byPlace = new Map(
    problems.map(found => [`${found.rule} ${found.path} ${found.found}`, found]),
  )
  return [...byPlace.values()]
}

/**
 * Compiles a document that was loaded before, e.g. from `PackPublished`. Throws AssertionFault
 * when it is wrong.
 */
export function compile(document: PolicyDocument): Plan {
  const compiled = tryCompile(document)
  assert(compiled.ok, 'a policy that was never loaded is compiled')
  return compiled.plan
}

function wrongDates({ effectiveFrom, effectiveTo }: PolicyDocument): readonly Problem[] {
  const wrong = (path: string, value: string | null): readonly Problem[] =>
    value === null || isBusinessDate(value) ? [] : [problem(path, 'not-a-date', value)]
  return [...wrong('effectiveFrom', effectiveFrom), ...wrong('effectiveTo', effectiveTo)]
}
