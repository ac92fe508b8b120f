/**
 * What there is to compare: every pack, demo table and city that lies in its folder or that the
 * oracle knows. One that only one side computes is listed too.
 */
import { documentsOf, PACKS, TABLES } from '../engine/documents.ts'
import { type Plan, planOf } from '../engine/engine.ts'
import { inForceFrom, ORACLE_PACKS } from '../packs/registry.ts'
import type { World } from '../random/person.ts'
import { readTable } from '../tables/read-table.ts'
import { tablePolicy } from '../tables/table.ts'
import type { Kind, Policy } from '../words/claim.ts'

export type Subject = { readonly name: string } & (
  | {
      readonly ready: true
      readonly plan: Plan
      readonly policy: Policy
      readonly scheme: 'employee' | 'resident'
      readonly world: World
    }
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

function packs(): readonly Subject[] {
  const documents = documentsOf(PACKS)
  const names = new Set([...documents.keys(), ...Object.keys(ORACLE_PACKS)])
  return [...names].sort().map(name => pack(name, documents.get(name)))
}

function pack(name: string, document: unknown): Subject {
  const known = ORACLE_PACKS[name]
  if (document === undefined) return { name, ready: false, why: 'the engine has no such pack' }
  const plan = planOf(document)
  if (typeof plan === 'string') return { name, ready: false, why: `not loaded: ${plan}` }
  if (known === undefined)
    return { name, ready: false, why: 'the oracle computes no claims for it' }
  const { scheme, effectiveFrom, says } = known
  return {
    name,
    ready: true,
    plan,
    scheme,
    policy: inForceFrom(effectiveFrom, known.policy),
    world: {
      home: '222222',
      elsewhere: [FAR],
      statuses: STATUSES[scheme],
      firstYear: 2024,
      kinds: KINDS,
      says,
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
      policy: inForceFrom(effectiveFrom, tablePolicy(table)),
      world: {
        home: region,
        elsewhere: [FAR, ...table.remote.deemedFiledFor],
        statuses: STATUSES[scheme],
        firstYear: 2025,
        kinds: KINDS,
        says: {},
      },
    }
  })
}
