/** Books as callers see them. */
import type { LedgerAccount } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { fenToJson, minus } from '@tongchou/contracts/money.ts'
import { chartAccount } from '../chart/accounts.ts'
import { fundOfEntity, regionOfEntity } from '../journal/entity.ts'
import type { Standing } from './books.ts'
import type { EntityBalance, TrialRow } from './trial-balance.ts'

export function standingJson({ position, bookedAt }: Standing) {
  return { position: Number(position), bookedAt }
}

export function entityJson(entity: string) {
  return { entity, region: regionOfEntity(entity), fund: fundOfEntity(entity) }
}

type Sums = { readonly debitFen: Fen; readonly creditFen: Fen }

export function sumsJson({ debitFen, creditFen }: Sums) {
  return { debitFen: fenToJson(debitFen), creditFen: fenToJson(creditFen) }
}

/**
 * The account with its names and its balance on its own side; one that left the chart keeps its
 * code.
 */
function accountJson({ account, ...sums }: TrialRow) {
  const known = chartAccount(account)
  const side = known?.side ?? 'debit'
  const { debitFen, creditFen } = sums
  const balance = side === 'debit' ? minus(debitFen, creditFen) : minus(creditFen, debitFen)
  return {
    account,
    nameZh: known?.nameZh ?? account,
    nameEn: known?.nameEn ?? account,
    side,
    ...sumsJson(sums),
    balanceFen: fenToJson(balance),
  }
}

export function balanceJson({ entity, account, counterparty, ...sums }: LedgerAccount) {
  return { ...entityJson(entity), ...accountJson({ account, ...sums }), counterparty }
}

export function balanceName({ entity, account, counterparty }: LedgerAccount): string {
  return counterparty === null ? `${entity} ${account}` : `${entity} ${account} ${counterparty}`
}

export function entityBalanceJson({ entity, rows, ...sums }: EntityBalance) {
  return { entity, rows: rows.map(accountJson), ...sumsJson(sums) }
}
