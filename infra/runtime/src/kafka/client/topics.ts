/** Topics as they are against topics as they are declared. */
import { Fault } from '../../service/fault.ts'
import type { TopicSpec } from '../client.ts'

/** Throws a Fault that names the topic. */
export function refuseOtherCount(specs: readonly TopicSpec[], name: string, found: number): void {
  const wanted = specs.find(spec => spec.name === name)?.partitions
  if (wanted === undefined || wanted === found) return
  const text = `topic ${name} has ${found} partitions, not ${wanted}`
  throw new Fault('unavailable', text, { retryable: false })
}
