/** Names in the table `idempotency_key` of the service's schema; calls at one time share one. */
import { readFileSync } from 'node:fs'
import { assert } from '@tongchou/contracts/decision.ts'
import { Batcher } from '../door/batcher.ts'
import { byteaArray, int8Array } from '../postgres/binary-arrays.ts'
import type { Database } from '../postgres/database.ts'
import type { Binding, IdempotencyKeys } from './port.ts'
import { HOLDER_MS, oldestHolder } from './port.ts'

export type PostgresIdempotencyOptions = {
  readonly database: Database
  /** Schema of the service: its name. */
  readonly schema: string
}

const TABLE = readFileSync(new URL('schema.sql', import.meta.url), 'utf8')
const LIMITS = { maxBatch: 500, maxInFlight: 1, maxQueue: 20_000 }

/** Creates what is missing, then opens. Throws Fault `unavailable`. */
export async function openPostgresIdempotencyKeys(
  options: PostgresIdempotencyOptions,
): Promise<IdempotencyKeys> {
  const { database, schema } = options
  assert(/^[a-z][a-z_]{0,40}$/.test(schema), `not a schema name: '${schema}'`)
  await database.read(pool => pool.query(TABLE.replaceAll('{schema}', schema)))
  return new PostgresIdempotencyKeys(options)
}

class PostgresIdempotencyKeys implements IdempotencyKeys {
  readonly #database: Database
  readonly #schema: string
  readonly #bind: Batcher<Binding, boolean>
  readonly #accept: Batcher<Binding, true>
  readonly #release: Batcher<Binding, true>

  constructor({ database, schema }: PostgresIdempotencyOptions) {
    this.#database = database
    this.#schema = schema
    this.#bind = new Batcher({ ...LIMITS, run: bindings => this.#bindAll(bindings) })
    this.#accept = new Batcher({ ...LIMITS, run: bindings => this.#acceptAll(bindings) })
    this.#release = new Batcher({ ...LIMITS, run: bindings => this.#releaseAll(bindings) })
  }

  bind(binding: Binding): Promise<boolean> {
    return this.#bind.submit(binding)
  }

  async accept(binding: Binding): Promise<void> {
    await this.#accept.submit(binding)
  }

  async release(binding: Binding): Promise<void> {
    await this.#release.submit(binding)
  }

  async #bindAll(bindings: readonly Binding[]): Promise<readonly boolean[]> {
    const order = [...bindings.keys()].toSorted((a, b) =>
      Buffer.compare(nameAt(bindings, a), nameAt(bindings, b)),
    )
    const sorted = order.map(index => bindings[index] as Binding)
    const digests = byteaArray(sorted.map(({ digest }) => digest))
    const values = [names(sorted), digests, holders(sorted)]
    const bound = await this.#call<readonly boolean[]>('bind', values)
    const answers = new Array<boolean>(bindings.length)
    order.forEach((index, at) => {
      answers[index] = bound[at] === true
    })
    return answers
  }

  async #acceptAll(bindings: readonly Binding[]): Promise<readonly true[]> {
    const sorted = byName(bindings)
    await this.#call('accept', [names(sorted), holders(sorted)])
    return bindings.map(() => true)
  }

  async #releaseAll(bindings: readonly Binding[]): Promise<readonly true[]> {
    const sorted = byName(bindings)
    const oldest = oldestHolder(Date.now() - HOLDER_MS).toString()
    await this.#call('release', [names(sorted), holders(sorted), oldest])
    return bindings.map(() => true)
  }

  async forget(keepMs: number, limit: number): Promise<number> {
    const table = `${this.#schema}.idempotency_key`
    const text = `delete from ${table} where name = any(array(
      select name from ${table} where bound_at <= now() - $1 * interval '1 millisecond'
      order by bound_at limit $2 for update skip locked))`
    const { rowCount } = await this.#database.read(pool => pool.query(text, [keepMs, limit]))
    return rowCount ?? 0
  }

  /** The functions do nothing when they are called again, so they may be. */
  async #call<T>(name: string, values: readonly unknown[]): Promise<T> {
    const marks = values.map((_, index) => `$${index + 1}`).join(', ')
    const call = `idempotency_${name}_v1`
    const text = `select ${this.#schema}.${call}(${marks})`
    const query = { name: `${this.#schema}.${call}`, text, values: [...values] }
    const answer = await this.#database.read(pool =>
      pool.query<[T]>({ ...query, rowMode: 'array' }),
    )
    const [row] = answer.rows
    assert(row !== undefined, `${call} answers with a row`)
    return row[0]
  }
}

function nameAt(bindings: readonly Binding[], index: number): Buffer {
  return bindings[index]?.name ?? Buffer.alloc(0)
}

/** One order for all, so that no two calls wait for each other. */
function byName(bindings: readonly Binding[]): readonly Binding[] {
  return bindings.toSorted((a, b) => Buffer.compare(a.name, b.name))
}

function names(bindings: readonly Binding[]): Buffer {
  return byteaArray(bindings.map(({ name }) => name))
}

function holders(bindings: readonly Binding[]): Buffer {
  return int8Array(bindings.map(({ holder }) => holder))
}
