/** Why and how a running instance comes to its end. */
export type Stop = {
  /** Aborted when the instance is to stop, for whatever reason. */
  readonly signal: AbortSignal
  /** Resolved at that moment. */
  readonly asked: Promise<void>
  readonly say: (line: string) => void
  /** Stops because something cannot go on. */
  readonly fail: (fault: Error) => void
  /** What the second Ctrl-C does at once. Later ones run first. */
  readonly atKill: (action: () => void) => void
}

/** Not a fault: somebody asked us to stop. */
export class StopAsked extends Error {
  override readonly name = 'StopAsked'
}

/** npm passes on a Ctrl-C that the terminal has already sent: the same one within this time. */
const SAME_SIGNAL_MS = 300
const KILLED_EXIT_CODE = 130

/** Listens to SIGINT, SIGTERM and SIGHUP: the first stops, a second one kills. */
export function stopOnSignals(say: (line: string) => void): Stop {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const killers: (() => void)[] = []
  let firstAt: number | undefined

  function onSignal(): void {
    const now = performance.now()
    firstAt ??= now
    if (firstAt === now) {
      controller.abort(new StopAsked())
      resolve()
      return
    }
    if (now - firstAt < SAME_SIGNAL_MS) return
    say('killing everything')
    for (const kill of killers.reverse()) attempt(kill)
    process.exit(KILLED_EXIT_CODE)
  }

  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return {
    signal: controller.signal,
    asked: promise,
    say,
    fail: fault => {
      controller.abort(fault)
      resolve()
    },
    atKill: action => killers.push(action),
  }
}

/** While killing, one that is gone already must not spare the others. */
function attempt(kill: () => void): void {
  try {
    kill()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') console.error(error)
  }
}
