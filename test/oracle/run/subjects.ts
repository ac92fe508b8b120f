/**
 * What there is to compare: every pack, demo table and city that lies in its folder or that the
 * oracle knows. One that only one side computes is listed too.
 */
import { documentsOf, PACKS, TABLES } from '../engine/documents.ts'
import { planOf, planWith } from '../engine/engine.ts'
import { inForceFrom, ORACLE_PACKS, type OraclePack, WITHOUT_BENEFITS } from '../packs/registry.ts'
import type { World } from '../random/person.ts'
import { readTable } from '../tables/read-table.ts'
import { tablePolicy } from '../tables/table.ts'
import type { Kind } from '../words/claim.ts'
import type { Pair } from './compare.ts'

export type Subject = { readonly name: string } & (
  | (Pair & { readonly ready: true; readonly world: World })
  | { readonly ready: false; readonly why: string }
)

const KINDS: readonly Kind[] = [
  ...(['inpatient', 'inpatient', 'inpatient', 'inpatient', 'inpatient'] as const),
  ...(['outpatient', 'outpatient', 'chronic', 'pharmacy'] as const),
]
const STATUSES = { employee: ['active', 'retired'], resident: ['adult', 'child'] } as const
const FAR = '460100'

export function subjects(): readonly Subject[] {
  return [...packs(), ...tables()]
}

/** Of a pack without an entry the oracle expects that it refuses every claim. */
function packs(): readonly Subject[] {
  const documents = documentsOf(PACKS)
  const known = Object.entries(ORACLE_PACKS)
  const files = new Set(known.map(([, { file }]) => file))
  const others = [...documents.keys()].filter(name => !files.has(name))
  return [
    ...known.map(([name, pack]) => subjectOf(name, pack, documents.get(pack.file))),
    ...others.map(name => subjectOf(name, refusing(name, documents), documents.get(name))),
  ].sort((first, second) => (first.name < second.name ? -1 : 1))
}

function refusing(file: string, documents: ReadonlyMap<string, unknown>): OraclePack {
  const isResident = JSON.stringify(documents.get(file)).includes('"scheme":"resident"')
  const scheme = isResident ? 'resident' : 'employee'
  return { file, scheme, policy: WITHOUT_BENEFITS, effectiveFrom: null }
}

function subjectOf(name: string, pack: OraclePack, document: unknown): Subject {
  if (document === undefined) return { name, ready: false, why: 'the engine has no such pack' }
  const plan = pack.set === undefined ? planOf(document) : planWith(document, pack.set)
  if (typeof plan === 'string') return { name, ready: false, why: `not loaded: ${plan}` }
  const { scheme, effectiveFrom, policy, firstYear = 2024, years = 2 } = pack
  return {
    name,
    ready: true,
    plan,
    scheme,
    remembersFrom: pack.remembers ? firstYear : null,
    policy: inForceFrom(effectiveFrom, policy),
    open: pack.open ?? null,
    world: {
      home: '222222',
      elsewhere: pack.athome ? ['222222'] : [FAR],
      statuses: STATUSES[scheme],
      firstYear,
      years,
      kinds: pack.kinds ?? KINDS,
      says: pack.says ?? {},
      tells: pack.tells ?? (() => ({})),
    },
  }
}

function tables(): readonly Subject[] {
  return [...documentsOf(TABLES)].map(([file, document]): Subject => {
    const name = `demo ${file}`
    const plan = planOf(document)
    if (typeof plan === 'string') return { name, ready: false, why: `not loaded: ${plan}` }
    const { region, scheme, effectiveFrom, table } = readTable(document)
    return {
      name,
      ready: true,
      plan,
      scheme,
      remembersFrom: null,
      policy: inForceFrom(effectiveFrom, tablePolicy(table)),
      open: null,
      world: {
        home: region,
        elsewhere: [FAR, ...table.remote.deemedFiledFor],
        statuses: STATUSES[scheme],
        firstYear: 2025,
        years: 2,
        kinds: KINDS,
        says: {},
        tells: () => ({}),
      },
    }
  })
}
