/** A comparison that finds nothing proves something only if it finds what is there. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { demoPolicies } from '../../fixtures/demo-files.ts'
import { isPaid } from '../random/person.ts'
import { readTable } from '../tables/read-table.ts'
import { type Table, tablePolicy } from '../tables/table.ts'
import type { Claim, Paid, Policy } from '../words/claim.ts'
import { differenceOf, tableOf } from './report.ts'
import { type Row, runSubject } from './run.ts'
import { type Subject, subjects } from './subjects.ts'

type Ready = Extract<Subject, { ready: true }>

const ASKED = { claims: 2000, seed: 7, person: null }

function ready(name: string): Ready {
  const found = subjects().find(subject => subject.name === name)
  assert.ok(found?.ready === true)
  return found
}

/** The oracle with one fault put in. */
function faulty(name: string, fault: (claim: Claim, paid: Paid) => Paid): Ready {
  const subject = ready(name)
  const settle: Policy['settle'] = (claim, history) => {
    const paid = subject.policy.settle(claim, history)
    return isPaid(paid) ? fault(claim, paid) : paid
  }
  return { ...subject, policy: { ...subject.policy, settle } }
}

function runFaulty(fault: (claim: Claim, paid: Paid) => Paid): Row {
  return runSubject(faulty('demo 430200-resident', fault), ASKED)
}

function stepsOf({ first }: Row): number {
  assert.ok(first !== null)
  return first.steps.filter(step => step.startsWith('{')).length
}

describe('a run of the oracle', () => {
  test('finds a fen that goes to cash instead of the fund, and shrinks it to one claim', () => {
    const row = runFaulty((_, paid) =>
      paid.pooled === 0n ? paid : { ...paid, pooled: paid.pooled - 1n, cash: paid.cash + 1n },
    )
    assert.ok(row.differences > 0)
    assert.equal(stepsOf(row), 1)
  })

  test('finds a deductible that one claim too many counts for', () => {
    const row = runFaulty((_, paid) => (paid.deductible > 0n ? paid : { ...paid, counts: false }))
    assert.ok(row.differences > 0)
    assert.ok(stepsOf(row) <= 3, 'no more claims than it takes')
  })

  test('finds a claim that one of the two refuses', () => {
    const subject = ready('P01')
    const settle: Policy['settle'] = (claim, history) =>
      claim.level === 'tier2' ? { noRule: 'a fault' } : subject.policy.settle(claim, history)
    const row = runSubject({ ...subject, policy: { ...subject.policy, settle } }, ASKED)
    assert.ok(row.differences > 0)
    assert.equal(stepsOf(row), 1)
  })

  test('finds an account that pays other parts of the lines first', () => {
    const subject = ready('demo 110100-employee')
    const accountPays = () => 'inScopeShare' as const
    const row = runSubject({ ...subject, policy: { ...subject.policy, accountPays } }, ASKED)
    assert.ok(row.differences > 0)
    assert.equal(stepsOf(row), 1)
    assert.ok(Object.keys(row.first?.oracle ?? {}).every(figure => figure.startsWith('line ')))
  })

  test('gives the same claims for the same seed, others for another', () => {
    const subject = faulty('P01', (_, paid) => ({ ...paid, fundBp: 1n }))
    const found = (seed: number) => runSubject(subject, { ...ASKED, seed }).first
    assert.deepEqual(found(1), found(1))
    assert.notDeepEqual(found(1), found(2))
  })

  test('the person that it prints is met again alone', () => {
    const row = runFaulty((_, paid) => (paid.catastrophic > 0n ? { ...paid, cash: 0n } : paid))
    const { first } = row
    assert.ok(first !== null)
    const again = runSubject(
      faulty('demo 430200-resident', (_, paid) =>
        paid.catastrophic > 0n ? { ...paid, cash: 0n } : paid,
      ),
      { ...ASKED, person: first.person },
    )
    assert.deepEqual(again.first, first)
    const text = differenceOf(row.name, ASKED.seed, first)
    assert.match(text, /≠ cash: oracle 0, engine \d+/)
    assert.match(text, /again: pnpm oracle --pack '.*' --seed 7 --person \d+/)
  })

  test('lists what only one side has', () => {
    const row = runSubject({ name: 'P99', ready: false, why: 'nobody knows it' }, ASKED)
    assert.match(tableOf([row]), /P99 .*nobody knows it/)
  })
})

describe('one more in a figure of a table', () => {
  const file = 'demo 430200-resident'
  const document = () => {
    const found = demoPolicies().find(policy => policy.file === '430200-resident.json')
    assert.ok(found !== undefined)
    return readTable(found.document).table
  }
  const changed: Readonly<Record<string, (table: Table) => Table>> = {
    'inpatient cap': table => ({
      ...table,
      inpatient: { ...table.inpatient, capFen: 15_000_001 },
    }),
    'deductibles of a year': table => ({
      ...table,
      inpatient: { ...table.inpatient, deductibleMaxFenPerYear: 300_001 },
    }),
    'outpatient cap of a child': table => ({
      ...table,
      outpatient: { ...table.outpatient, capFen: { ...table.outpatient.capFen, child: 40_001 } },
    }),
    'catastrophic begin': table => ({
      ...table,
      catastrophic: table.catastrophic && { ...table.catastrophic, fromFen: 1_600_001 },
    }),
    'catastrophic cap': table => ({
      ...table,
      catastrophic: table.catastrophic && { ...table.catastrophic, capFen: 40_000_001 },
    }),
    'factor without a filing': table => ({
      ...table,
      remote: { ...table.remote, unfiledBp: 6001 },
    }),
  }
  for (const [figure, change] of Object.entries(changed)) {
    test(`${figure}: found`, () => {
      const policy = tablePolicy(change(document()))
      const row = runSubject({ ...ready(file), policy }, { ...ASKED, claims: 5000 })
      assert.ok(row.differences > 0)
    })
  }
})
