/** The words by which rules of a policy choose. */

export const KINDS = ['inpatient', 'outpatient', 'chronic', 'pharmacy'] as const
export type Kind = (typeof KINDS)[number]

export const LEVELS = ['community', 'tier1', 'tier2', 'tier3', 'tier3_top'] as const
export type Level = (typeof LEVELS)[number]

export const FILING_BRANCHES = [
  'local',
  'deemed',
  'longTerm',
  'transfer',
  'unfiledEmergency',
  'unfiled',
] as const
export type FilingBranch = (typeof FILING_BRANCHES)[number]

export type Scheme = 'employee' | 'resident'

export const STATUSES: Readonly<Record<Scheme, readonly string[]>> = {
  employee: ['active', 'retired'],
  resident: ['adult', 'child'],
}

/**
 * Facts beyond the usual ones that a pack may ask for, e.g. `civilServant`; text `true` equals
 * true.
 */
export type Attributes = Readonly<Record<string, boolean | number | string>>
