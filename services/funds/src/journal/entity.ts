/** Each fund of each region is an accounting entity of its own: `110100/employee.pooled`. */

/** 异地就医周转金: what the treating region advances for people insured elsewhere. */
export const TURNOVER = 'turnover'
/** Personal accounts exist in the employee scheme only; credits and account layers go here. */
export const ACCOUNT_FUND = 'employee.account'

export function entityOf(region: string, fund: string): string {
  return `${region}/${fund}`
}

export function regionOfEntity(entity: string): string {
  return entity.slice(0, entity.indexOf('/'))
}

export function fundOfEntity(entity: string): string {
  return entity.slice(entity.indexOf('/') + 1)
}

/** Counterparty of what a netted window makes a fund owe, or be owed. */
export function windowParty(windowNo: number): string {
  return `window-${windowNo}`
}
