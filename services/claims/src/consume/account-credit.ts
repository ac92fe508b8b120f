/** `contributions.account-credit.v1`: the money is in the personal account. */
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { yearOf } from '@tongchou/contracts/time.ts'
import type { Request } from '@tongchou/runtime/service/handle-command.ts'
import type { Recorded } from '@tongchou/runtime/service/recorded.ts'
import type { AccountCommand } from '../account/commands.ts'

export const CREDIT_GROUP = 'claims.credit'

export function fromCredit(
  message: Recorded,
  meta: CommandMeta,
): readonly Request<AccountCommand>[] {
  if (message.type !== 'AccountCredited') return []
  const { creditNo, personId, regionCode, scheme, kind, amountFen, creditedOn } = message.data
  const year = kind === 'openingBalance' ? {} : { year: yearOf(creditedOn) }
  const data = { creditNo, personId, regionCode, scheme, amountFen, ...year }
  return [{ stream: `account-${personId}`, command: { type: 'ReceiveCredit', data, meta } }]
}
