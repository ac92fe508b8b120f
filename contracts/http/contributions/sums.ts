/** Sums over bills: what was owed and what came of it. */
import { Type } from 'typebox'
import { SchemeJson } from '../person.ts'
import { CodeJson, DateJson, FenJson, Maybe, RegionJson, Shape } from '../scalars.ts'
import { PeriodJson } from './bill.ts'

const sums = {
  dueFen: FenJson,
  receivedFen: Type.Integer({ minimum: 0, description: 'of what was due, without late fees' }),
  receivableFen: FenJson,
}

export const SumsQueryJson = Shape({
  regionCode: RegionJson,
  on: Type.Optional(DateJson),
})

export const SubsidiesJson = Shape({
  regionCode: RegionJson,
  on: DateJson,
  subsidies: Type.Array(
    Shape({
      scheme: SchemeJson,
      level: Type.String({ description: 'as the policy names the level; finance: it names none' }),
      ...sums,
    }),
  ),
})

export const CollectionRateJson = Shape({
  regionCode: RegionJson,
  on: DateJson,
  ...sums,
  rateBp: Maybe(Type.Integer({ minimum: 0, maximum: 10_000 }), {
    description: 'received ÷ due in basis points, rounded down; null: nothing is due',
  }),
  reached: Type.Boolean({ description: '98 % or more, exactly' }),
})

export const EmployerDuesQueryJson = {
  regionCode: RegionJson,
  employerNo: Type.Optional(CodeJson),
  period: Type.Optional(PeriodJson),
}

export const EmployerDuesJson = Shape({
  regionCode: RegionJson,
  dues: Type.Array(Shape({ employerNo: CodeJson, period: PeriodJson, ...sums })),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})
