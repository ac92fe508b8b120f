export type Holder = {
  readonly personNo: string
  readonly regionCode: string
  readonly scheme: string
  readonly accountBalanceFen: number
}

/**
 * The balance of a personal account on 1 January as a credit of its own; undefined where it is 0.
 * @source RULES.md §1 persons
 */
export function openingCredit(prefix: string, person: Holder) {
  const { personNo, regionCode, scheme, accountBalanceFen } = person
  if (accountBalanceFen === 0) return undefined
  return {
    creditNo: `${prefix}-2025-${personNo}`,
    personNo,
    regionCode,
    scheme,
    kind: 'openingBalance',
    amountFen: accountBalanceFen,
    creditedOn: '2025-01-01',
  }
}
