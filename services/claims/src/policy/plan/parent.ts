/**
 * A pack that builds on another (province → city): the parent's document with the places that the
 * child names put in. What is published is always the whole document.
 */

import type { OverrideDocument } from '@tongchou/contracts/policy/language.ts'
import { type Problem, problem } from '@tongchou/contracts/policy/rule/problems.ts'
import type { PackDocument } from '@tongchou/contracts/policy-document.ts'
import { contentHash } from './content-hash.ts'

export type Parents = (packId: string) => PackDocument | undefined

export type Resolved =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * The whole document; its shape is not yet checked. Refuses a parent that nobody knows or that has
 * another content than the child was written for, a place that the parent has not, and a clause,
 * document or reading that the parent names the same but says otherwise.
 */
export function resolveOverride(child: OverrideDocument, parents: Parents): Resolved {
  const { parent, set } = child
  const found = parents(parent.packId)
  if (found === undefined) return wrong(problem('parent.packId', 'unknown-parent', parent.packId))
  const hash = contentHash(found)
  if (hash !== parent.hash) return wrong(problem('parent.hash', 'other-parent', hash))
  const problems: Problem[] = []
  const document: Record<string, unknown> = { ...structuredClone(found), ...ownPlace(child) }
  for (const list of ['documents', 'clauses', 'readings'] as const) {
    problems.push(...contradictions(list, found[list], child[list]))
    document[list] = { ...found[list], ...child[list] }
  }
  for (const [path, value] of Object.entries(set)) {
    if (!put(document, path.split('.'), value))
      problems.push(problem(path, 'override-nowhere', path))
  }
  document['basedOn'] = { ...parent, changed: Object.keys(set) }
  return problems.length === 0 ? { ok: true, document } : { ok: false, problems }
}

function wrong(...problems: readonly Problem[]): Resolved {
  return { ok: false, problems }
}

function ownPlace({ packId, name, region, effectiveFrom, effectiveTo }: OverrideDocument) {
  return { packId, name, region, effectiveFrom, effectiveTo }
}

function contradictions(
  list: string,
  known: Readonly<Record<string, unknown>>,
  added: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  return Object.keys(added)
    .filter(
      name => Object.hasOwn(known, name) && contentHash(known[name]) !== contentHash(added[name]),
    )
    .map(name => problem(`${list}.${name}`, 'origin-differs', name))
}

/** False: the document has no such place. Only what is there can be replaced. */
function put(document: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  const last = path.at(-1)
  let at: unknown = document
  for (const key of path.slice(0, -1)) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : null
  if (last === undefined || !isObject(at) || !Object.hasOwn(at, last)) return false
  at[last] = structuredClone(value)
  return true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
