/** One consumer group and its leases, for the suites. */
import type { EventStore, Lease, LeaseRequest } from '../port.ts'

export const CONSUMER = { group: 'claims.adjudicate', topic: 'clearing.claim.v1' }
export const ALL = [0, 1, 2, 3, 4, 5, 6, 7]

export function request(owner: string, overrides: Partial<LeaseRequest> = {}): LeaseRequest {
  return { ...CONSUMER, partitions: ALL, owner, ttlMs: 60_000, ...overrides }
}

export function acquire(
  store: EventStore,
  owner: string,
  over: Partial<LeaseRequest> = {},
): Promise<readonly Lease[]> {
  return store.progress.acquire(request(owner, over))
}
