/** A registry over a log of changes: always read to its end before anything is said or decided. */
import { SchemaFault } from '@tongchou/contracts/avro/schema/model.ts'
import { normalForm } from '@tongchou/contracts/avro/schema/normal-form.ts'
import { parseSchema } from '@tongchou/contracts/avro/schema/parse.ts'
import { Fault } from '../service/fault.ts'
import type { RegistryLog } from './port.ts'
import type { Candidate, Command } from './rules/decide.ts'
import { decide } from './rules/decide.ts'
import { RegistryRefusal } from './rules/refusal.ts'
import { RegistryState } from './rules/state.ts'

const PAGE = 500
/** Races lost in a row before the caller is asked to come again. */
const ATTEMPTS = 50

export class Registry {
  readonly #log: RegistryLog
  readonly #state = new RegistryState()

  constructor(log: RegistryLog) {
    this.#log = log
  }

  /** Everything that was changed before the call. Throws Fault `unavailable`. */
  async state(): Promise<RegistryState> {
    for (;;) {
      const changes = await this.#log.after(this.#state.revision, PAGE)
      for (const change of changes) this.#state.apply(change)
      if (changes.length < PAGE) return this.#state
    }
  }

  /** Throws RegistryRefusal, Fault `unavailable`, Fault `contended`. */
  async change(command: Command): Promise<readonly number[]> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await this.state()
      const { change, reply } = decide(command, state)
      if (change === null) return reply
      const revision = state.revision + 1
      if (await this.#log.append(revision, change)) {
        state.apply({ revision, change })
        return reply
      }
    }
    throw new Fault('contended', 'others change the registry without end')
  }
}

/** Throws RegistryRefusal `invalid-schema`. */
export function candidateOf(text: string): Candidate {
  try {
    const normal = normalForm(text)
    return { text: normal, schema: parseSchema(normal) }
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error
    const message = `Invalid schema: ${error.message}`
    throw new RegistryRefusal('invalid-schema', message)
  }
}
