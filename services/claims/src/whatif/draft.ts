/** What a caller asks of a what-if run, checked. */
import { isLanguageForm, type PolicyDocument } from '@tongchou/contracts/policy-document.ts'
import { malformed } from '@tongchou/runtime/http/json-body.ts'
import type { PackDoorRefusal } from '../pack/problems.ts'
import { loadPolicy } from '../policy/load.ts'
import type { Period } from './rerun.ts'
import type { Draft } from './run/run.ts'

type Malformed = Extract<PackDoorRefusal, { readonly kind: 'pack-malformed' }>

/** What is wrong with a draft is told in full, up to here. */
const FAULTS_TOLD = 50

export function draftFrom(
  document: unknown,
  parentOf: (packHash: string) => PolicyDocument | undefined,
): Draft | Malformed {
  const parent = parentOf(parentHash(document))
  const parents = parent !== undefined && isLanguageForm(parent) ? [parent] : []
  const loaded = loadPolicy(document, { parents })
  if (loaded.ok) return { document: loaded.document, plan: loaded.plan }
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
