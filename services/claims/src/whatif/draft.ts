/** What a caller asks of a what-if run, checked. */

import type { Problem } from '@tongchou/contracts/policy/rule/problems.ts'
import { isLanguageForm, type PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { malformed } from '@tongchou/runtime/http/json-body.ts'
import { demandsOfShelf } from '../pack/demands.ts'
import type { PackDoorRefusal } from '../pack/problems.ts'
import type { PackShelf } from '../pack/shelf.ts'
import type { Breach } from '../policy/guards/check.ts'
import { loadPolicy } from '../policy/load.ts'
import type { Period } from './rerun.ts'
import type { Draft } from './run/run.ts'

type Malformed = Extract<PackDoorRefusal, { readonly kind: 'pack-malformed' }>

/** What is wrong with a draft is told in full, up to here. */
const FAULTS_TOLD = 50

/** A draft, and what its parent asks that it does not give. */
export type ReadDraft = Draft & { readonly warnings: readonly Breach[] }

/** A draft may break a guard: it is compared, not published. */
export function draftFrom(
  document: unknown,
  parentOf: (packHash: string) => PolicyDocument | undefined,
): ReadDraft | Malformed {
  const parent = parentOf(parentHash(document))
  const parents = parent !== undefined && isLanguageForm(parent) ? [parent] : []
  const loaded = loadPolicy(document, { parents, breaches: 'told' })
  if (loaded.ok) {
    const { plan, warnings } = loaded
    return { document: loaded.document, plan, warnings }
  }
  const [first] = loaded.problems
  return {
    kind: 'pack-malformed',
    field: first?.path ?? '',
    rule: first?.rule ?? '',
    faults: loaded.problems.slice(0, FAULTS_TOLD),
    faultsFound: loaded.problems.length,
  }
}

/** The hash that an override names; empty for every other document. */
function parentHash(document: unknown): string {
  if (typeof document !== 'object' || document === null || !('parent' in document)) return ''
  const { parent } = document
  if (typeof parent !== 'object' || parent === null || !('hash' in parent)) return ''
  return typeof parent.hash === 'string' ? parent.hash : ''
}

type Asked = {
  readonly from: string
  readonly to: string
  readonly regionCode?: string | undefined
}

/** Throws `malformed` for a period that ends before it begins, a draft without region or scheme. */
export function periodFor({ plan }: Draft, { from, to, regionCode }: Asked): Period {
  if (to < from) throw malformed('the period ends before it begins', 'to', 'not before from')
  if (plan.scheme === null) throw malformed('the draft is of no one scheme', 'pack.scheme', 'one')
  const region = plan.region ?? regionCode
  if (region === undefined) throw malformed('no region is named', 'regionCode', 'required')
  if (regionCode !== undefined && regionCode !== region) {
    throw malformed(`the draft is of ${region}`, 'regionCode', 'that of the draft')
  }
  return { region, from, to }
}

/** All for which the draft would be warned of, or refused, if it were published now. */
export function warningsOf(
  { plan, warnings }: ReadDraft,
  { region: regionCode, from }: Period,
  shelf: PackShelf,
): readonly Problem[] {
  const { hash: packHash, effectiveTo } = plan
  const effectiveFrom = plan.effectiveFrom ?? businessDate(from)
  const place = { packHash, regionCode, effectiveFrom, effectiveTo }
  const demands = demandsOfShelf(shelf, { plan, place, poolResultFen: null, supersedes: null })
  return [...warnings, ...demands.refusals, ...demands.warnings]
}
