/** The fields of a package that a text may state too. */
import type { CityLevel, CityPackage, Decimal } from '@tongchou/contracts/city/city-document.ts'
import { bpOf, fenOf, percentText, yuanText } from '../../cities/decimal.ts'
import type { Block, Status, What } from '../../cities/text/statements.ts'
import { LEVELS, type Scheme } from '../../facts.ts'

export type Field = {
  readonly path: string
  readonly block: Block
  readonly what: What
  readonly status: Status | null
  readonly level: CityLevel | null
  readonly value: bigint
}

export function fieldsOf(pack: CityPackage, scheme: Scheme): readonly Field[] {
  const { outpatient, inpatient, catastrophic } = pack
  const fields: Field[] = []
  const add = (path: string, value: Decimal | undefined, rest: Omit<Field, 'path' | 'value'>) => {
    if (value === undefined) return
    const money = rest.what === 'deductible' || rest.what === 'cap'
    fields.push({
      path: `${scheme}.${path}`,
      value: money ? fenOf(value) : BigInt(bpOf(value)),
      ...rest,
    })
  }
  const active = scheme === 'employee' ? 'active' : null
  for (const [block, { tierBenefits }] of [
    ['outpatient', outpatient],
    ['inpatient', inpatient],
  ] as const) {
    for (const level of LEVELS) {
      const tier = tierBenefits[level]
      if (tier === undefined) continue
      const path = `${block}.tierBenefits.${level}`
      const of = { block, level }
      add(`${path}.deductible`, tier.deductible, { ...of, what: 'deductible', status: active })
      add(`${path}.reimbursementRatio`, tier.reimbursementRatio, {
        ...of,
        what: 'rate',
        status: active,
      })
      add(`${path}.retireeRatioBonus`, tier.retireeRatioBonus, {
        ...of,
        what: 'bonus',
        status: 'retired',
      })
    }
  }
  const cap = { level: null, what: 'cap' } as const
  add('outpatient.annualCap', outpatient.annualCap, { ...cap, block: 'outpatient', status: active })
  add('outpatient.annualCapRetiree', outpatient.annualCapRetiree, {
    ...cap,
    block: 'outpatient',
    status: 'retired',
  })
  add('outpatient.annualDeductibleRetiree', outpatient.annualDeductibleRetiree, {
    block: 'outpatient',
    what: 'deductible',
    status: 'retired',
    level: null,
  })
  add('inpatient.annualCap', inpatient.annualCap, { ...cap, block: 'inpatient', status: active })
  const layer = { block: 'catastrophic', level: null, status: active } as const
  add('catastrophic.deductible', catastrophic.deductible, { ...layer, what: 'deductible' })
  add('catastrophic.annualCap', catastrophic.annualCap, { ...layer, what: 'cap' })
  return [...fields, ...retiredRates(fields)]
}

/** Rate and bonus together: what a text calls the rate of retirees. */
function retiredRates(fields: readonly Field[]): readonly Field[] {
  return fields
    .filter(({ what }) => what === 'bonus')
    .flatMap(bonus => {
      const base = fields.find(
        ({ what, block, level }) =>
          what === 'rate' && block === bonus.block && level === bonus.level,
      )
      if (base === undefined) return []
      return [{ ...bonus, what: 'rate' as const, value: base.value + bonus.value }]
    })
}

export function valueText(what: What, value: bigint): string {
  const money = what === 'deductible' || what === 'cap'
  return money ? `${yuanText(value)}元` : percentText(Number(value))
}
