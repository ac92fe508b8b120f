/** The packs of the repository, and packs that build on one with what a vector assumes. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import type { OverrideDocument } from '@tongchou/contracts/policy/language.ts'
import {
  checkShape,
  isLanguageForm,
  type PackDocument,
} from '@tongchou/contracts/policy-document.ts'
import { loadPolicy } from '../../load.ts'
import { contentHash } from '../../plan/content-hash.ts'
import type { Plan } from '../../plan/plan.ts'

const FOLDER = new URL('../../../../../../contracts/policies/', import.meta.url)

/** File names of a folder of the policies, without their ending. */
export function filesIn(folder: 'packs' | 'vectors'): readonly string[] {
  return readdirSync(new URL(`${folder}/`, FOLDER)).map(name => name.replace(/\.json$/, ''))
}

export function jsonOf(folder: 'packs' | 'vectors', name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, FOLDER), 'utf8'))
}

export function packNamed(packId: string): PackDocument {
  const shape = checkShape(jsonOf('packs', packId))
  assert.ok(shape.ok && isLanguageForm(shape.document), packId)
  return shape.document
}

const PLANS = new Map<string, Plan>()

export function planNamed(packId: string): Plan {
  const known = PLANS.get(packId)
  if (known !== undefined) return known
  const loaded = loadPolicy(packNamed(packId))
  assert.ok(loaded.ok, packId)
  PLANS.set(packId, loaded.plan)
  return loaded.plan
}

/**
 * An area's pack on top of one whose source leaves figures out: each is set where the parent says
 * that it is missing, as an assumption.
 */
export function assuming(packId: string, set: OverrideDocument['set']): Plan {
  const parent = packNamed(packId)
  const child: OverrideDocument = {
    form: 'override',
    packId: `${packId}-assumed`,
    name: { en: 'What a vector assumes', zh: '算例假设' },
    parent: { packId, hash: contentHash(parent) },
    region: parent.region,
    effectiveFrom: parent.effectiveFrom,
    effectiveTo: parent.effectiveTo,
    documents: {},
    clauses: {},
    readings: { assumed: { en: 'Assumed by the vector.', zh: '算例假设。' } },
    set: Object.fromEntries(
      Object.entries(set).map(([path, figure]) => [
        path,
        { ...Object(figure), reading: 'assumed' },
      ]),
    ),
  }
  const loaded = loadPolicy(child, { parents: [parent] })
  assert.ok(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.problems))
  return loaded.plan
}
