/** Pauses and intervals of a relay, ms. */
export type RelayTimes = {
  readonly ttlMs: number
  /** Pause after a portion: what is stored meanwhile goes in one request. */
  readonly lingerMs: number
  /** Between two marks: after a crash so much is sent again. */
  readonly saveMs: number
  /**
   * Between two words to partitions in which nothing was said while the log grew; who waits for one
   * has it told at once (`tellNow`).
   */
  readonly watermarkMs: number
  readonly pollMs: number
  readonly pulseMs: number
}

export const TIMES: RelayTimes = {
  ttlMs: 6000,
  lingerMs: 40,
  saveMs: 200,
  watermarkMs: 1000,
  pollMs: 1000,
  pulseMs: 15_000,
}
