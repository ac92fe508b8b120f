/** Account money without a claim, and the relatives whom an account may pay for. */
import { type Static, Type } from 'typebox'
import { ACCOUNT_PURPOSES } from '../../src/policy/language.ts'
import {
  CodeJson,
  DateJson,
  FenJson,
  Maybe,
  PersonNumberJson,
  RegionJson,
  Shape,
  SignedFenJson,
  UuidJson,
} from '../scalars.ts'

const movementNo = CodeJson

/** For the person, or for a registered relative. */
export const AccountPaymentJson = Shape({
  movementNo,
  purpose: Type.Enum([...ACCOUNT_PURPOSES]),
  relativeNo: Type.Optional(PersonNumberJson),
  payee: CodeJson,
  amountFen: FenJson,
})
export type AccountPaymentJson = Static<typeof AccountPaymentJson>

export const AccountWithdrawalJson = Shape({
  movementNo,
  amountFen: Type.Optional(FenJson),
})

export const AccountInheritanceJson = Shape({
  movementNo,
  heirNo: Maybe(PersonNumberJson, {
    description: 'null: no heir, the pooled fund gets the balance',
  }),
})

export const CardTransferJson = Shape({
  movementNo,
  creditNo: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._/+:-]{0,191}$',
    maxLength: 192,
    description: 'the credit of which the policy sends a share to the card',
  }),
})

export const RegionTransferJson = Shape({ movementNo, toRegion: RegionJson })

export const RelativeJson = Shape({
  relativeNo: PersonNumberJson,
  relation: Type.Enum([
    ...(['spouse', 'parent', 'child', 'sibling', 'grandparent', 'grandchild', 'other'] as const),
  ]),
})
export const RelativesJson = Shape({ personId: UuidJson, relatives: Type.Array(UuidJson) })

export const MovementJson = Shape({
  personId: UuidJson,
  movementNo: CodeJson,
  kind: Type.Enum([
    ...(['payment', 'withdrawal', 'inheritance', 'pooledFund', 'card', 'transfer'] as const),
  ]),
  regionCode: RegionJson,
  amountFen: FenJson,
  balanceFen: SignedFenJson,
  movedOn: DateJson,
  packHash: Maybe(Type.String()),
  purpose: Maybe(Type.String()),
  forPersonId: Maybe(UuidJson),
  payee: Maybe(Type.String()),
  creditNo: Maybe(Type.String()),
  toRegion: Maybe(RegionJson),
})
export type MovementJson = Static<typeof MovementJson>

export const MovementPageJson = Shape({
  movements: Type.Array(MovementJson),
  next: Maybe(Type.String({ description: 'send it as `after` for the next page' })),
})
