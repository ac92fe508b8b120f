/** The steps of an explanation: what was computed, from what, by which clause, rounded how. */
import type { Fen, Rounding } from '@tongchou/contracts/money.ts'
import {
  figureOf,
  type StepFigure,
  type StepValue,
} from '@tongchou/contracts/policy/rule/figure.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import type { Leaf } from '../plan/plan.ts'

export type { StepFigure, StepValue } from '@tongchou/contracts/policy/rule/figure.ts'
export { figureOf, ROUNDING } from '@tongchou/contracts/policy/rule/figure.ts'

export const STEP_NAMES = {
  filing: { en: 'Filing branch', zh: '备案情形' },
  waiting: { en: 'Waiting period', zh: '等待期' },
  covered: { en: 'Entitlement', zh: '待遇资格' },
  pooledRate: { en: 'Rate of the pooled fund', zh: '统筹基金支付比例' },
  stays: { en: 'Stays of the year counted before', zh: '年度内此前住院次数' },
  deductibleRoom: { en: 'Deductible left of the year', zh: '年度剩余起付线' },
  deductible: { en: 'Deductible', zh: '起付线' },
  aboveDeductible: { en: 'In scope above the deductible', zh: '起付线以上合规费用' },
  applies: { en: 'Does the layer apply', zh: '是否适用本层' },
  basis: { en: 'Amount that the layer shares', zh: '本层分担的费用' },
  end: { en: 'Where the layer ends', zh: '本层累计封顶' },
  band: { en: 'Share of a band', zh: '分段支付' },
  due: { en: 'Due before the cap', zh: '封顶前应付' },
  room: { en: 'Left under the cap', zh: '封顶线剩余' },
  paid: { en: 'Paid by the layer', zh: '本层支付' },
  account: { en: 'Paid by the personal account', zh: '个人账户支付' },
  cash: { en: 'Paid in cash', zh: '个人现金支付' },
} as const satisfies Record<string, Text>
export type StepName = keyof typeof STEP_NAMES

export type Step = {
  readonly name: StepName
  readonly en: string
  readonly zh: string
  /** Which part of the plan: `filing`, `deductible`, a layer's id, `account`, `cash`. */
  readonly layer: string
  readonly inputs: Readonly<Record<string, StepValue>>
  readonly figures: readonly StepFigure[]
  readonly rounding: Rounding | null
  readonly result: StepValue
}

/** Receives steps while a claim is explained; null on the fast path, where no step is built. */
export type Sink = ((step: Step) => void) | null

export function step(
  name: StepName,
  layer: string,
  rest: {
    readonly inputs?: Step['inputs']
    readonly figures?: readonly StepFigure[]
    readonly rounding?: Rounding
    readonly result: StepValue
  },
): Step {
  const { inputs = {}, figures = [], rounding = null, result } = rest
  return { name, ...STEP_NAMES[name], layer, inputs, figures, rounding, result }
}

export function amountFigure(leaf: Leaf<Fen | 'unlimited'>): StepFigure {
  return figureOf(leaf, leaf.value)
}
