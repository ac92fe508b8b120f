/** Appends and progress as parameters of the functions in append.sql and consume.sql. */
import * as arrays from '../../postgres/binary-arrays.ts'
import type { Append, AppendOutcome, ParkedMessage, Progress } from '../port.ts'

/** A row that `append_v1` returns: ord, status, version, hash, position. */
export type OutcomeRow = readonly [number, string, number | null, Buffer | null, string | null]

export type Statement = {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

export type StoreState = { readonly incarnation: string; readonly seen: bigint }

export function appendStatement(
  schema: string,
  state: StoreState,
  appends: readonly Append[],
): Statement {
  const values = [state.incarnation, state.seen.toString(), false, ...appendValues(appends)]
  const attached = attachedValues(appends)
  if (attached === null) {
    return { name: 'append', text: `select * from ${schema}.append_v1(${marks(values)})`, values }
  }
  values.push(...attached)
  const text = `select * from ${schema}.append_attached_v1(${marks(values)})`
  return { name: 'append attached', text, values }
}

/** Which of the statement's events have something beside them, and what; null when none has. */
function attachedValues(appends: readonly Append[]): Buffer[] | null {
  const ordinals: number[] = []
  const attachments: Buffer[] = []
  let ordinal = 0
  for (const { events } of appends) {
    for (const { attachment } of events) {
      ordinal += 1
      if (attachment === undefined) continue
      ordinals.push(ordinal)
      attachments.push(attachment)
    }
  }
  if (ordinals.length === 0) return null
  return [arrays.int4Array(ordinals), arrays.byteaArray(attachments)]
}

export function consumeStatement(
  schema: string,
  state: StoreState,
  work: { readonly appends: readonly Append[]; readonly progress: readonly Progress[] },
): Statement {
  const values = [
    state.incarnation,
    state.seen.toString(),
    ...appendValues(work.appends),
    ...moveValues(work.progress),
    ...parkValues(work.progress),
  ]
  return { name: 'consume', text: `select * from ${schema}.consume_v1(${marks(values)})`, values }
}

function marks(values: readonly unknown[]): string {
  return values.map((_, index) => `$${index + 1}`).join(', ')
}

function appendValues(appends: readonly Append[]): Buffer[] {
  const ordinals: number[] = []
  const streams: string[] = []
  const versions: number[] = []
  appends.forEach(({ stream, expected, events }, index) => {
    for (let offset = 1; offset <= events.length; offset++) {
      ordinals.push(index + 1)
      streams.push(stream)
      versions.push(expected.version + offset)
    }
  })
  const events = appends.length === 1 ? (appends[0]?.events ?? []) : appends.flatMap(a => a.events)
  return [
    arrays.textArray(appends.map(({ stream }) => stream)),
    arrays.int4Array(appends.map(({ expected }) => expected.version)),
    arrays.byteaArray(appends.map(({ expected }) => expected.hash)),
    arrays.int4Array(appends.map(append => append.events.length)),
    arrays.int4Array(ordinals),
    arrays.textArray(streams),
    arrays.int4Array(versions),
    arrays.uuidArray(events.map(({ id }) => id)),
    arrays.textArray(events.map(({ type }) => type)),
    arrays.int4Array(events.map(({ schema }) => schema)),
    arrays.int2Array(events.map(({ partition }) => partition)),
    arrays.int8Array(events.map(({ atMs }) => atMs)),
    arrays.boolArray(events.map(({ closes }) => closes)),
    arrays.byteaArray(events.map(({ meta }) => meta)),
    arrays.byteaArray(events.map(({ data }) => data)),
    arrays.byteaArray(appends.flatMap(({ hashes }) => hashes)),
  ]
}

/** Parameters that `move_v3` takes before `_from`; a view's own statement uses them too. */
export function moveValues(progress: readonly Progress[]): Buffer[] {
  const moves = progress.flatMap(({ group, topic, incarnation, positions }) =>
    positions.map(position => ({ ...position, group, topic, incarnation })),
  )
  return [
    arrays.textArray(moves.map(({ group }) => group)),
    arrays.textArray(moves.map(({ topic }) => topic)),
    arrays.int4Array(moves.map(({ partition }) => partition)),
    arrays.uuidArray(moves.map(({ incarnation }) => incarnation)),
    arrays.int4Array(moves.map(({ epoch }) => epoch)),
    arrays.int8Array(moves.map(({ position }) => position)),
  ]
}

function parkValues(progress: readonly Progress[]): Buffer[] {
  const unpark = progress.flatMap(({ group, topic, unpark: rows }) =>
    (rows ?? []).map(row => ({ ...row, group, topic })),
  )
  const park = progress.flatMap(({ group, topic, park: rows }) =>
    (rows ?? []).map(row => ({ ...row, group, topic })),
  )
  return [
    arrays.textArray(unpark.map(({ group }) => group)),
    arrays.textArray(unpark.map(({ topic }) => topic)),
    arrays.int4Array(unpark.map(({ partition }) => partition)),
    arrays.textArray(unpark.map(({ key }) => key)),
    arrays.int8Array(unpark.map(({ position }) => position)),
    arrays.textArray(park.map(({ group }) => group)),
    arrays.textArray(park.map(({ topic }) => topic)),
    ...parkedEventValues(park),
  ]
}

function parkedEventValues(park: readonly ParkedMessage[]): Buffer[] {
  return [
    arrays.int4Array(park.map(({ partition }) => partition)),
    arrays.textArray(park.map(({ key }) => key)),
    arrays.int8Array(park.map(({ position }) => position)),
    arrays.textArray(park.map(({ reason }) => reason.replaceAll('\u0000', ''))),
    arrays.int8Array(park.map(({ parkedAtMs }) => parkedAtMs)),
    arrays.textArray(park.map(({ event }) => event.stream)),
    arrays.int4Array(park.map(({ event }) => event.version)),
    arrays.uuidArray(park.map(({ event }) => event.id)),
    arrays.textArray(park.map(({ event }) => event.type)),
    arrays.int4Array(park.map(({ event }) => event.schema)),
    arrays.int8Array(park.map(({ event }) => event.atMs)),
    arrays.boolArray(park.map(({ event }) => event.closes)),
    arrays.byteaArray(park.map(({ event }) => event.hash)),
    arrays.byteaArray(park.map(({ event }) => event.meta)),
    arrays.byteaArray(park.map(({ event }) => event.data)),
  ]
}

/** What became of each append, from the rows that the statement returned. */
export function outcomesFrom(
  appends: readonly Append[],
  rows: readonly OutcomeRow[],
): AppendOutcome[] {
  if (appends.length === 0) return []
  const [first, ...judged] = rows
  if (first === undefined) throw new Error('the append function returned no row')
  let position = BigInt(first[4] ?? 0) + 1n
  return appends.map((append, index) => {
    if (judged.length > 0) return outcomeFrom(append, judged[index])
    const outcome = { status: 'appended', head: headBehind(append), position } as const
    position += BigInt(append.events.length)
    return outcome
  })
}

function outcomeFrom(append: Append, row: OutcomeRow | undefined): AppendOutcome {
  if (row === undefined) throw new Error('the append function returned too few rows')
  const [, status, version, hash, position] = row
  if (status === 'appended' || status === 'duplicate') {
    return { status, head: headBehind(append), position: BigInt(position ?? 0) }
  }
  const head = { version: version ?? 0, hash: hash ?? append.expected.hash }
  return { status: status as 'conflict' | 'closed' | 'altered' | 'withheld', head }
}

function headBehind({ expected, events, hashes }: Append): AppendOutcome['head'] {
  return { version: expected.version + events.length, hash: hashes.at(-1) ?? expected.hash }
}
