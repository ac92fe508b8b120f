import os from 'node:os'

/**
 * Batches of claims live for milliseconds: with the default young generation of 16 MB they were
 * still in use at most collections, copied and kept; garbage collection took 13 % of the door's
 * time, with 64 MB a third of that.
 */
const ALL = ['--max-semi-space-size=64']
/**
 * Helpers of the collector take a core for 100 to 300 ms at a time. Where every core has work of
 * another process, answers of all services stood still meanwhile: at 200 claims/s over Kafka on
 * two cores, all of the slowest. A process that collects by itself only holds itself up, and less.
 */
const OF_MORE_THAN_CORES = ['--single-threaded-gc']

/** Flags of each of so many processes that host services on this machine. */
export function nodeFlags(
  processes: number,
  cores: number = os.availableParallelism(),
): readonly string[] {
  return processes > cores ? [...ALL, ...OF_MORE_THAN_CORES] : ALL
}
