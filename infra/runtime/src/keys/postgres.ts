/**
 * Keys in the table `person_key` of the service's schema, wrapped; a destroyed one leaves its row,
 * empty.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { assert } from '@tongchou/contracts/decision.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { byteaArray, uuidArray } from '../postgres/binary-arrays.ts'
import type { Database } from '../postgres/database.ts'
import { Fault } from '../service/fault.ts'
import type { KeyStore, PersonKey } from './port.ts'
import { KEY_BYTES, masterName, NONCE_BYTES, unwrap, wrap } from './wrap.ts'

export type PostgresKeysOptions = {
  readonly database: Database
  /** Schema of the service: its name. */
  readonly schema: string
  /** 32 bytes from outside the database. */
  readonly masterKey: Buffer
}

/** Creates the table when it is missing, then opens. Throws Fault `unavailable`. */
export async function openPostgresKeys(options: PostgresKeysOptions): Promise<KeyStore> {
  const { database, schema } = options
  if (!/^[a-z][a-z_]{0,40}$/.test(schema)) throw new TypeError(`not a schema name: '${schema}'`)
  await database.read(pool => pool.query(tableOf(schema)))
  return new PostgresKeys(options)
}

/** Several processes may create at once: an advisory lock lets one do it. */
function tableOf(schema: string): string {
  return `
    select pg_advisory_xact_lock(hashtext('tongchou.migrate.${schema}'));
    create schema if not exists ${schema};
    create table if not exists ${schema}.person_key (
      person_id uuid primary key,
      master text not null,
      wrapped bytea,
      made_at timestamptz not null default now(),
      destroyed_at timestamptz
    );`
}

type KeyRow = readonly [person: string, master: string, wrapped: Buffer | null]

const COLUMNS = 'k.person_id, k.master, k.wrapped'

class PostgresKeys implements KeyStore {
  readonly #database: Database
  readonly #table: string
  readonly #masterKey: KeyObject
  readonly #master: string

  constructor({ database, schema, masterKey }: PostgresKeysOptions) {
    this.#database = database
    this.#table = `${schema}.person_key`
    this.#masterKey = createSecretKey(masterKey)
    this.#master = masterName(masterKey)
  }

  async obtain(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKey>> {
    const made = new Map<PersonId, PersonKey>()
    const random = randomBytes(KEY_BYTES * persons.length)
    persons.forEach((person, index) => {
      made.set(person, random.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES))
    })
    const present = await this.#insert(made)
    for (const [person, key] of present) made.set(person, key)
    return made
  }

  /** Stores what is new; returns the keys of those who had one. */
  async #insert(keys: ReadonlyMap<PersonId, PersonKey>): Promise<Map<PersonId, PersonKey>> {
    // One order for all, so that no two inserts wait for each other.
    const persons = [...keys.keys()].toSorted()
    const nonces = randomBytes(NONCE_BYTES * persons.length)
    const wrapped = persons.map((person, index) => {
      const nonce = nonces.subarray(index * NONCE_BYTES, (index + 1) * NONCE_BYTES)
      return wrap(bytesOf(keys.get(person)), person, { master: this.#masterKey, nonce })
    })
    const text = `insert into ${this.#table} as k (person_id, master, wrapped)
      select n.person_id, $2, n.wrapped from unnest($1::uuid[], $3::bytea[]) n (person_id, wrapped)
      on conflict do nothing returning k.person_id, k.master, k.wrapped`
    const values = [uuidArray(persons), this.#master, byteaArray(wrapped)]
    const stored = await this.#query('insert', text, values)
    if (stored.length === persons.length) return new Map()
    const inserted = new Set(stored.map(([person]) => person))
    const others = persons.filter(person => !inserted.has(person))
    const present = await this.#select(others)
    assert(present.size === others.length, 'a key is neither new nor there')
    return present
  }

  find(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonKey>> {
    return this.#select(persons)
  }

  async #select(persons: readonly PersonId[]): Promise<Map<PersonId, PersonKey>> {
    const text = `select ${COLUMNS} from unnest($1::uuid[]) n (person_id)
      join ${this.#table} k using (person_id)`
    const rows = await this.#query('find', text, [uuidArray(persons)])
    return new Map(rows.map(row => [uuid<PersonId>(row[0]), this.#keyOf(row)]))
  }

  async destroy(person: PersonId): Promise<void> {
    const text = `insert into ${this.#table} as k (person_id, master, destroyed_at)
      values ($1, $2, now())
      on conflict (person_id) do update set wrapped = null, destroyed_at = now()
      where k.wrapped is not null
      returning ${COLUMNS}`
    await this.#query('destroy', text, [person, this.#master])
  }

  #keyOf([person, master, wrapped]: KeyRow): PersonKey {
    if (wrapped === null) return 'destroyed'
    if (master !== this.#master) {
      throw new Fault('altered', `the key of ${person} is wrapped by another master key, ${master}`)
    }
    return unwrap(wrapped, uuid<PersonId>(person), this.#masterKey)
  }

  /**
   * All statements here are idempotent, so they may be sent again when the server does not answer.
   */
  #query(name: string, text: string, values: readonly unknown[]): Promise<readonly KeyRow[]> {
    const query = {
      name: `${this.#table}.${name}`,
      text,
      values: [...values],
      rowMode: 'array' as const,
    }
    return this.#database.read(async pool => (await pool.query(query)).rows as unknown as KeyRow[])
  }
}

function bytesOf(key: PersonKey | undefined): Buffer {
  if (key === undefined || key === 'destroyed') throw new TypeError('no key to store')
  return key
}
