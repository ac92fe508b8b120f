/**
 * What was borne of deductibles in an episode of care (同次就医), which goes on after a transfer
 * to another institution: the hospital names the episode, the account knows what was borne.
 * @source P03-R31, capabilities CL-05
 */
import { type Fen, fen, sum, ZERO } from '@tongchou/contracts/money.ts'
import type { TotalsMap } from '../../policy/totals.ts'

/** The attribute by which a claim names its episode. */
const EPISODE = 'episode'

export type Episode = { readonly episode: string; readonly borneFen: Fen }

export function episodeOf(attributes: Readonly<Record<string, unknown>>): string | null {
  const named = attributes[EPISODE]
  return typeof named === 'string' && named !== '' ? named : null
}

/** Adds what a claim bore, or takes it away; nothing is kept of an episode at 0. */
export function withBorne(
  episodes: readonly Episode[],
  episode: string | null,
  borneFen: Fen,
): readonly Episode[] {
  if (episode === null || borneFen === 0n) return episodes
  const total = sum(borneIn(episodes, episode), borneFen)
  const others = episodes.filter(other => other.episode !== episode)
  if (total === 0n) return others
  return [...others, { episode, borneFen: total }].sort((a, b) => (a.episode < b.episode ? -1 : 1))
}

export function borneIn(episodes: readonly Episode[], episode: string): Fen {
  return episodes.find(known => known.episode === episode)?.borneFen ?? ZERO
}

/** The deductible that a claim bore, whatever its kind. */
export function deductibleIn(effect: TotalsMap): Fen {
  const { dedInFen = 0n, dedChronicFen = 0n, dedOutFen = 0n } = effect
  return fen(dedInFen + dedChronicFen + dedOutFen)
}
