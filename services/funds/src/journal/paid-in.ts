/** What comes in and what leaves without a claim: premiums, credits, movements of account money. */
import { assert } from '@tongchou/contracts/decision.ts'
import type {
  AccountCredited,
  AccountMoved,
  PremiumReceived,
} from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { negate, ZERO } from '@tongchou/contracts/money.ts'
import { ACCOUNT } from '../chart/accounts.ts'
import { ACCOUNT_FUND, entityOf } from './entity.ts'
import type { EntryLine } from './entries.ts'

export type Party = { readonly account: string; readonly counterparty: string | null }

/**
 * Debits one account and credits another of the same entity; a negative amount goes the other way,
 * 0 nowhere.
 */
export function transfer(
  lines: EntryLine[],
  entity: string,
  { debit, credit, amountFen }: { debit: Party; credit: Party; amountFen: Fen },
): void {
  if (amountFen === ZERO) return
  const { account, counterparty } = debit
  lines.push(
    { entity, account, counterparty, amountFen },
    {
      entity,
      account: credit.account,
      counterparty: credit.counterparty,
      amountFen: negate(amountFen),
    },
  )
}

export function alone(account: string): Party {
  return { account, counterparty: null }
}

const BANK = alone(ACCOUNT.bank)
const PREMIUM_INCOME = alone(ACCOUNT.premiumIncome)
const INTEREST_INCOME = alone(ACCOUNT.interestIncome)
const FUND_BALANCE = alone(ACCOUNT.fundBalance)
export const EXPENSE = alone(ACCOUNT.benefitExpense)

/**
 * Money in the bank, income of the fund that it is for; what public finance pays is subsidy income
 * by level.
 */
export function premium(data: PremiumReceived): EntryLine[] {
  const { regionCode, scheme, payer, fund, level, amountFen } = data
  const lines: EntryLine[] = []
  const subsidy = { account: ACCOUNT.subsidyIncome, counterparty: level }
  const credit = payer === 'finance' ? subsidy : PREMIUM_INCOME
  transfer(lines, entityOf(regionCode, `${scheme}.${fund}`), { debit: BANK, credit, amountFen })
  return lines
}

const CREDITED_FROM = {
  openingBalance: FUND_BALANCE,
  monthly: PREMIUM_INCOME,
  correction: PREMIUM_INCOME,
  interest: INTEREST_INCOME,
} as const satisfies Record<AccountCredited['kind'], Party>

/** Money in the bank, income of the account fund; an opening balance is none of the period. */
export function credit({ regionCode, kind, amountFen }: AccountCredited): EntryLine[] {
  const lines: EntryLine[] = []
  const from = CREDITED_FROM[kind]
  transfer(lines, entityOf(regionCode, ACCOUNT_FUND), { debit: BANK, credit: from, amountFen })
  return lines
}

/**
 * Account money that leaves without a claim: paid out of the bank, or handed to another fund, which
 * is a transfer for both. What stays the person's in another region moves between two account
 * funds.
 */
export function movement(data: AccountMoved): EntryLine[] {
  const { kind, regionCode, scheme, toRegion, amountFen } = data
  const lines: EntryLine[] = []
  const from = entityOf(regionCode, ACCOUNT_FUND)
  if (kind !== 'transfer' && kind !== 'pooledFund') {
    transfer(lines, from, { debit: EXPENSE, credit: BANK, amountFen })
    return lines
  }
  const region = kind === 'transfer' ? toRegion : regionCode
  assert(region !== null, 'a transfer names the region that receives it')
  const to = entityOf(region, kind === 'transfer' ? ACCOUNT_FUND : `${scheme}.pooled`)
  const expense = { account: ACCOUNT.transferExpense, counterparty: region }
  const income = { account: ACCOUNT.transferIncome, counterparty: regionCode }
  transfer(lines, from, { debit: expense, credit: BANK, amountFen })
  transfer(lines, to, { debit: BANK, credit: income, amountFen })
  return lines
}
