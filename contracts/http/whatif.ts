/** What-if: what the stored claims of a period would come to under a draft pack. Money in fen. */
import { type Static, Type } from 'typebox'
import { TextJson } from './account.ts'
import { BreachJson, PackHashJson, PublishPackJson, SCHEMES } from './policy.ts'
import { DateJson, FenJson, Maybe, RegionJson, Shape, SignedFenJson, UuidJson } from './scalars.ts'

export const WHAT_IF_STATES = ['running', 'stopped', 'done', 'failed'] as const

export const StartWhatIfJson = Shape({
  pack: PublishPackJson,
  regionCode: Type.Optional(RegionJson),
  from: DateJson,
  to: DateJson,
})

const CountJson = Type.Integer({ minimum: 0 })

const MovedClaimJson = Shape({
  claimId: UuidJson,
  endOn: DateJson,
  totalFen: FenJson,
  fundsBeforeFen: FenJson,
  fundsAfterFen: FenJson,
  cashBeforeFen: FenJson,
  cashAfterFen: FenJson,
})

const GroupJson = Shape({
  dimension: Type.String({ description: 'all, region, level, age, kind, status, month' }),
  key: Type.String(),
  claims: CountJson,
  up: Type.Integer({ minimum: 0, description: 'claims for which the funds would pay more' }),
  down: Type.Integer({ minimum: 0, description: 'claims for which the funds would pay less' }),
  totalFen: FenJson,
  payers: Type.Array(
    Shape({
      payer: Type.String({ description: 'a fund; `account` and `cash` are what persons pay' }),
      beforeFen: FenJson,
      afterFen: FenJson,
      changeFen: SignedFenJson,
    }),
  ),
  moved: Type.Array(MovedClaimJson, { description: 'the claims that move the funds most' }),
})

export const WhatIfReportJson = Shape({
  packHash: PackHashJson,
  policy: TextJson,
  regionCode: RegionJson,
  scheme: Type.Enum(SCHEMES),
  from: DateJson,
  to: DateJson,
  upTo: Type.Integer({ minimum: 0, description: 'position of the store that was read up to' }),
  scanned: Type.Integer({ minimum: 0, description: 'adjudications looked at' }),
  claims: Type.Integer({ minimum: 0, description: 'computed under the draft' }),
  groups: Type.Array(GroupJson),
  notComputed: Type.Array(
    Shape({
      path: Type.String({ description: 'place in the draft that would have to say it' }),
      claims: CountJson,
      totalFen: FenJson,
      example: UuidJson,
    }),
  ),
})

export type WhatIfReportJson = Static<typeof WhatIfReportJson>
export type WhatIfGroupJson = WhatIfReportJson['groups'][number]

export const StartedWhatIfJson = Shape({
  whatIfId: UuidJson,
  warnings: Type.Array(BreachJson, { description: 'why the draft could not be published now' }),
})

export const WhatIfJson = Shape({
  whatIfId: UuidJson,
  state: Type.Enum(WHAT_IF_STATES),
  scanned: CountJson,
  position: Type.Integer({ minimum: 0, description: 'how far it is on the way to upTo' }),
  upTo: CountJson,
  report: Maybe(WhatIfReportJson, { description: 'when it is done' }),
})

export type WhatIfJson = Static<typeof WhatIfJson>
