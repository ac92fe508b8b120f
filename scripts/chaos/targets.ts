/** What is struck; `frozen`: a process stands still for longer than its leases last. */
const ALWAYS = ['everything', 'database', 'processes', 'supervisor', 'frozen'] as const
/** Without a broker: two processes, the hospitals' door and the others. */
const TWO = ['door', 'worker'] as const
/**
 * `service`, `replica`: one process, each in its turn. `slow`: every word comes late, then every
 * connection breaks. `unanswered`: sends are stored and their answers taken away.
 */
const OVER_KAFKA = ['broker', 'service', 'replica', 'slow', 'unanswered'] as const

export type Target = (typeof ALWAYS)[number] | (typeof TWO)[number] | (typeof OVER_KAFKA)[number]

type Targets = { readonly all: readonly Target[]; readonly short: readonly Target[] }

export const WITHOUT_BROKER: Targets = {
  all: [...ALWAYS, ...TWO],
  short: ['everything', 'database', 'processes'],
}
export const WITH_BROKER: Targets = {
  all: [...ALWAYS, ...OVER_KAFKA],
  short: ['broker', 'unanswered', 'replica'],
}
