/** How many of `partitions` the member of this rank (0 = first) should hold; the shares add up. */
export function fairShare(partitions: number, members: number, rank: number): number {
  const rest = partitions % members
  return Math.floor(partitions / members) + (rank < rest ? 1 : 0)
}
