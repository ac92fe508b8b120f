/** What a registry must do over every log; each adapter's test runs it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mode, RegistryLog } from './port.ts'
import { candidateOf, Registry } from './registry.ts'
import type { Command } from './rules/decide.ts'
import type { RefusalKind } from './rules/refusal.ts'
import { RegistryRefusal } from './rules/refusal.ts'

type Tests = { test(name: string, fn: () => Promise<void>): Promise<void> }

export const A = { name: 'a', type: 'string' }
export const B = { name: 'b', type: 'int' }
export const B_DEFAULT = { ...B, default: 0 }

export function schemaText(...fields: readonly object[]): string {
  return JSON.stringify({ type: 'record', name: 'E', namespace: 'n', fields })
}

export function register(subject: string, ...fields: readonly object[]): Command {
  return { type: 'register', subject, candidate: candidateOf(schemaText(...fields)) }
}

const remove = (
  subject: string,
  version: number | 'latest' | null,
  permanent = false,
): Command => ({
  type: 'delete',
  subject,
  version,
  permanent,
})

const mode = (subject: string | null, set: Mode | null, force = false): Command => ({
  type: 'set-mode',
  subject,
  mode: set,
  force,
})

function refuses(kind: RefusalKind, work: Promise<unknown>): Promise<void> {
  return assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof RegistryRefusal, String(error))
    assert.equal(error.kind, kind)
    return true
  })
}

/** `open` gives a registry of its own on the same, empty log each time it is called. */
export async function registryContract(
  adapter: string,
  openLog: () => Promise<() => Promise<RegistryLog>>,
  tests: Tests = { test },
): Promise<void> {
  const fact = (name: string, fn: (open: () => Promise<Registry>) => Promise<void>) =>
    tests.test(`${adapter}: ${name}`, async () => {
      const open = await openLog()
      await fn(async () => new Registry(await open()))
    })
  await ids(fact)
  await races(fact)
  await deleting(fact)
  await modes(fact)
  await settings(fact)
}

type Fact = (name: string, fn: (open: () => Promise<Registry>) => Promise<void>) => Promise<void>

async function ids(fact: Fact): Promise<void> {
  await fact('a schema has one id in all subjects, and ids have no gaps', async open => {
    const registry = await open()
    assert.deepEqual(await registry.change(register('s', A)), [1])
    assert.deepEqual(await registry.change(register('s', A)), [1])
    assert.deepEqual(await registry.change(register('t', A)), [1])
    assert.deepEqual(await registry.change(register('t', A, B_DEFAULT)), [2])
    await refuses('incompatible', registry.change(register('t', A, { ...B, name: 'c' })))
    assert.deepEqual(await registry.change(register('u', A, B)), [3])
    const state = await registry.state()
    assert.deepEqual(state.subjects(false), ['s', 't', 'u'])
    assert.deepEqual(state.uses(1, false), [
      { subject: 's', version: 1 },
      { subject: 't', version: 1 },
    ])
    assert.equal(state.withId(3)?.text, candidateOf(schemaText(A, B)).text)
    assert.equal(state.withId(4), undefined)
  })

  await fact('another process sees what was registered, and gives the same ids', async open => {
    const [one, other] = [await open(), await open()]
    await one.change(register('s', A))
    assert.deepEqual(await other.change(register('s', A)), [1])
    await other.change(register('s', A, B_DEFAULT))
    assert.equal((await one.state()).versions('s', false).length, 2)
    assert.deepEqual((await (await open()).state()).versions('s', false), [
      { version: 1, id: 1, hidden: false },
      { version: 2, id: 2, hidden: false },
    ])
  })
}

async function races(fact: Fact): Promise<void> {
  await fact('one schema registered by many at once gets one id and one version', async open => {
    const registries = await Promise.all(Array.from({ length: 8 }, open))
    const given = await Promise.all(registries.map(one => one.change(register('s', A))))
    assert.deepEqual(new Set(given.flat()), new Set([1]))
    assert.equal((await (await open()).state()).revision, 1)
  })

  await fact('many schemas registered by many at once get an id each', async open => {
    const registries = await Promise.all(Array.from({ length: 4 }, open))
    const fields = Array.from({ length: 12 }, (_, i) => ({ ...B_DEFAULT, name: `f${i}` }))
    const given = await Promise.all(
      fields.flatMap((field, i) => registries.map(one => one.change(register(`s${i}`, field)))),
    )
    const sorted = [...new Set(given.flat())].toSorted((a, b) => a - b)
    assert.deepEqual(
      sorted,
      fields.map((_, i) => i + 1),
    )
  })

  await fact('of two schemas that may not follow each other one is taken', async open => {
    const [one, other] = [await open(), await open()]
    const results = await Promise.allSettled([
      one.change(register('s', { ...A, name: 'x' })),
      other.change(register('s', { ...A, name: 'y' })),
    ])
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    assert.equal((await one.state()).versions('s', false).length, 1)
  })
}

async function deleting(fact: Fact): Promise<void> {
  await fact('a deleted version is hidden, its id is read all the same', async open => {
    const registry = await open()
    await registry.change(register('s', A))
    await registry.change(register('s', A, B_DEFAULT))
    assert.deepEqual(await registry.change(remove('s', 'latest')), [2])
    const state = await registry.state()
    assert.equal(state.versions('s', false).length, 1)
    assert.equal(state.versions('s', true).length, 2)
    assert.ok(state.withId(2))
    await refuses('version-already-deleted', registry.change(remove('s', 2)))
    assert.deepEqual(await registry.change(remove('s', 2, true)), [2])
    assert.equal((await registry.state()).withId(2), undefined)
    await refuses('version-not-found', registry.change(remove('s', 2, true)))
    await registry.change(register('s', A, B_DEFAULT))
    assert.deepEqual(await registry.change(remove('s', 2)), [2])
    assert.deepEqual(await registry.change(remove('s', 'latest')), [1])
  })

  await fact(
    'a deleted schema that is registered again is the next version, id as ever',
    async open => {
      const registry = await open()
      await registry.change(register('s', A))
      await registry.change(remove('s', null))
      assert.deepEqual(await registry.change(register('s', A)), [1])
      assert.equal((await registry.state()).versions('s', false).at(-1)?.version, 2)
    },
  )

  await fact(
    'a removed schema that comes back has its id, a new one none that was given',
    async open => {
      const registry = await open()
      await registry.change(register('s', A))
      await registry.change(remove('s', null))
      await registry.change(remove('s', null, true))
      assert.deepEqual((await registry.state()).subjects(true), [])
      assert.deepEqual(await registry.change(register('s', B)), [2])
      assert.deepEqual(await registry.change(register('t', A)), [1])
    },
  )

  await fact('nothing is removed that was not hidden before', async open => {
    const registry = await open()
    await registry.change(register('s', A))
    await refuses('subject-not-found', registry.change(remove('t', null)))
    await refuses('subject-not-found', registry.change(remove('t', 1)))
    await refuses('version-not-found', registry.change(remove('s', 2)))
    await refuses('subject-not-deleted', registry.change(remove('s', null, true)))
    await refuses('version-not-deleted', registry.change(remove('s', 1, true)))
    assert.deepEqual(await registry.change(remove('s', null)), [1])
    await refuses('subject-already-deleted', registry.change(remove('s', null)))
    assert.deepEqual(await registry.change(remove('s', null, true)), [1])
  })

  await fact('a schema is not held against hidden versions', async open => {
    const registry = await open()
    await registry.change(register('s', A))
    await refuses('incompatible', registry.change(register('s', B)))
    await registry.change(remove('s', 1))
    assert.deepEqual(await registry.change(register('s', B)), [2])
  })
}

async function modes(fact: Fact): Promise<void> {
  await fact('in mode READONLY nothing changes, and what is there has its id', async open => {
    const registry = await open()
    await registry.change(register('s', A))
    await registry.change(mode(null, 'READONLY'))
    assert.deepEqual(await registry.change(register('s', A)), [1])
    await refuses('not-permitted', registry.change(register('s', A, B_DEFAULT)))
    await refuses('not-permitted', registry.change(remove('s', null)))
    await refuses('not-permitted', registry.change(remove('s', 1)))
    await registry.change(mode('t', 'READWRITE'))
    assert.deepEqual(await registry.change(register('t', B)), [2])
    await registry.change(mode(null, null))
    assert.deepEqual(await registry.change(register('s', A, B_DEFAULT)), [3])
  })

  await fact('in mode IMPORT schemas come with their ids, and overwrite none', async open => {
    const registry = await open()
    await registry.change(register('old', A))
    await refuses('not-permitted', registry.change({ ...register('s', B), id: 40 } as Command))
    await registry.change(mode('s', 'IMPORT'))
    const imported = (fields: object, id: number, version?: number) =>
      registry.change({
        ...register('s', fields),
        id,
        ...(version === undefined ? {} : { version }),
      } as Command)
    assert.deepEqual(await imported(B, 40, 7), [40])
    assert.deepEqual(await imported(B, 40), [40])
    await refuses('not-permitted', registry.change(register('s', A, B)))
    await refuses('not-permitted', imported(B_DEFAULT, 40))
    await refuses('not-permitted', imported(A, 41))
    await refuses('not-permitted', imported(B_DEFAULT, 41, 7))
    assert.deepEqual(await imported(A, 1), [1])
    assert.deepEqual(
      (await registry.state()).versions('s', false).map(({ version, id }) => [version, id]),
      [
        [7, 40],
        [8, 1],
      ],
    )
    assert.deepEqual(await registry.change(register('old', A, B_DEFAULT)), [41])
  })

  await fact('mode IMPORT is for what is empty, unless forced', async open => {
    const registry = await open()
    await registry.change(register('s', A))
    await refuses('not-permitted', registry.change(mode(null, 'IMPORT')))
    await refuses('not-permitted', registry.change(mode('s', 'IMPORT')))
    await registry.change(mode('s', 'IMPORT', true))
    assert.equal((await registry.state()).mode('s'), 'IMPORT')
    await refuses('mode-not-set', registry.change(mode('t', null)))
  })
}

async function settings(fact: Fact): Promise<void> {
  await fact(
    "a subject's level goes before the global one, and that before the preset",
    async open => {
      const registry = await open()
      const level = async () => (await registry.state()).level('public.s')
      assert.equal((await registry.state()).level('s'), 'BACKWARD_TRANSITIVE')
      assert.equal(await level(), 'FULL_TRANSITIVE')
      await registry.change({ type: 'set-level', subject: null, level: 'FORWARD' })
      assert.equal(await level(), 'FORWARD')
      await registry.change({ type: 'set-level', subject: 'public.s', level: 'NONE' })
      assert.equal(await level(), 'NONE')
      const before = (await registry.state()).revision
      await registry.change({ type: 'set-level', subject: 'public.s', level: 'NONE' })
      assert.equal((await registry.state()).revision, before)
      await registry.change({ type: 'set-level', subject: 'public.s', level: null })
      assert.equal(await level(), 'FORWARD')
      await refuses(
        'level-not-set',
        registry.change({ type: 'set-level', subject: 'public.s', level: null }),
      )
      await registry.change({ type: 'set-level', subject: null, level: null })
      assert.equal(await level(), 'FULL_TRANSITIVE')
    },
  )

  await fact('a level decides what may follow', async open => {
    const registry = await open()
    await registry.change(register('s', A))
    await refuses('incompatible', registry.change(register('s', A, B)))
    await registry.change({ type: 'set-level', subject: 's', level: 'NONE' })
    assert.deepEqual(await registry.change(register('s', A, B)), [2])
  })
}
