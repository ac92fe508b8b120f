/**
 * Changes of meaning that a schema default cannot express: pure functions from version n to n + 1,
 * applied at read before any reducer. None is needed yet: every released event is at version 1.
 */
type Upcaster = (value: unknown) => unknown

const UPCASTERS: Readonly<Record<string, readonly Upcaster[]>> = {}

/** Brings a value that was written at `version` to the newest version. */
export function upcast(name: string, version: number, value: unknown): unknown {
  const steps = UPCASTERS[name]
  if (steps === undefined) return value
  return steps.slice(version - 1).reduce((current, step) => step(current), value)
}
