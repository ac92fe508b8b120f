/**
 * Flags of every process that hosts services. Batches of claims live for milliseconds: with the
 * default young generation of 16 MB they were still in use at most collections, copied and kept;
 * garbage collection took 13 % of the door's time, with 64 MB a third of that.
 */
export const NODE_FLAGS = ['--max-semi-space-size=64'] as const
