/** Which texts of a package speak of a block, and what they plainly say. */
import type { CityPackage } from '@tongchou/contracts/city/city-document.ts'
import type { Place } from './text/retirees.ts'

/** The block's own text, with the name of its field. */
export function textsOf(pack: CityPackage, block: 'inpatient' | 'outpatient'): readonly Place[] {
  const { note } = pack.outpatient
  const { repeatedDeductibleRule: rule } = pack.inpatient
  const [where, text] = block === 'outpatient' ? ['note', note] : ['repeatedDeductibleRule', rule]
  return text === undefined || where === undefined ? [] : [{ where, text }]
}

/** 门诊住院合并计算封顶线 */
export function sharesInpatientCap({ outpatient }: CityPackage): boolean {
  return /门诊(与)?住院合并/.test(outpatient.note ?? '')
}

/** 次均起付线 without the field that would say so. */
export function isPerVisitByText({ outpatient }: CityPackage): boolean {
  return outpatient.deductibleType === undefined && /次均起付/.test(outpatient.note ?? '')
}
