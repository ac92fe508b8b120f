import type { Problem } from '@tongchou/contracts/http/problem.ts'

/** Scoring refuses nothing; these are what a reader of scores may be told. */
export const SCORE_PROBLEMS = {
  'unknown-score': { status: 404, title: 'No score is known for this claim' },
  'other-region': { status: 403, title: 'The claim belongs to other regions' },
} as const satisfies Record<string, Problem>
