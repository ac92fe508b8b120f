/** Rows against the lines that a real server writes of them. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { copyLines, Line } from '@tongchou/runtime/audit/snapshot/copy.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import { keyText, type Row } from '@tongchou/runtime/view/port.ts'
import { Client } from 'pg'
import { RowLines } from './row-lines.ts'
import { NONE, Rows } from './rows.ts'

const lines = new RowLines({
  columns: { name: 'text', amount: 'bigint', open: 'boolean', note: 'text' },
  key: ['name'],
})

/** All that the text format of COPY treats in its own way, and what only looks so. */
const NOTES = [
  ...[null, '', 'N', '\\N', '\\\\N', '\\', '\\.', 'a\tb', 'a\\tb', '\t', 'a\nb', 'a\\nb', '\r\n'],
  ...['\b\f\v', '\\b', '统筹', '{"a":"\\"\\u0000"}', ' '],
]
const ROWS = NOTES.flatMap((note, at) => [
  { name: `row ${at}`, amount: BigInt(at - 3), open: at % 2 === 0, note },
  { name: `${note} ${at}`, amount: 0n, open: true, note: `row ${at}` },
])

async function withTable(t: TestContext, use: (client: Client) => Promise<void>): Promise<void> {
  const { url } = await testDatabase(t)
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await fill(client)
    await use(client)
  } finally {
    await client.end()
  }
}

async function fill(client: Client): Promise<void> {
  await client.query('create table rows (name text, amount bigint, open boolean, note text)')
  for (const { name, amount, open, note } of ROWS) {
    const values = [name, String(amount), open, note]
    await client.query('insert into rows values ($1, $2, $3, $4)', values)
  }
}

test('a line of COPY is its row, whatever stands in it, and no other row', t =>
  withTable(t, async client => {
    const expected = new Map(ROWS.map(row => [keyText([row.name]), row]))
    let told = 0
    await copyLines(client, 'select * from rows', line => {
      told += 1
      const row = expected.get(lines.keyOf(line.text)) ?? assert.fail(`no row for ${line.text}`)
      assert.equal(lines.differenceOf(row, line.text), null)
      for (const note of NOTES) {
        const isSame = note === row.note
        const other = { ...row, note }
        assert.equal(lines.differenceOf(other, line.text) === null, isSame, line.text)
        const plainly = lines.plainRowOf(rowsOf([other]), 0, line) === 0
        assert.equal(plainly, isSame && isPlain(row), `${JSON.stringify(note)} as ${line.text}`)
      }
    })
    assert.equal(told, ROWS.length)
  }))

function isPlain({ name, note }: (typeof ROWS)[number]): boolean {
  return /^[ -[\]-~]*$/.test(`${name}${note ?? ''}`)
}

function rowsOf(list: readonly Row[]): Rows {
  const rows = new Rows()
  for (const row of list) rows.change(keyText([row['name'] ?? null]), () => row)
  return rows
}

test('a line is found by its key where it is not the next', () => {
  const rows = rowsOf(['a', 'b', 'c'].map(name => ({ name, amount: 1n, open: true, note: null })))
  const line = (text: string): Line => new Line(Buffer.from(`..${text}..`), 2, 2 + text.length)
  assert.equal(lines.plainRowOf(rows, 1, line('b\t1\tt\t\\N')), 1)
  assert.equal(lines.plainRowOf(rows, 0, line('c\t1\tt\t\\N')), 2)
  assert.equal(lines.plainRowOf(rows, 3, line('a\t1\tt\t\\N')), 0)
  for (const other of [
    'd\t1\tt\t\\N',
    'b\t2\tt\t\\N',
    'b\t1\tt\t',
    'b\t1\tt\t\\Nx',
    'b\t1\tt',
    '',
  ]) {
    assert.equal(lines.plainRowOf(rows, 1, line(other)), NONE, other)
  }
})

test('the column that differs is named with both values', () => {
  const row = { name: 'a', amount: 1n, open: true, note: null }
  assert.equal(lines.differenceOf(row, 'a\t1\tt\t\\N'), null)
  assert.equal(lines.differenceOf(row, 'a\t2\tt\t\\N'), 'has amount 2 instead of 1')
  assert.equal(lines.differenceOf(row, 'a\t1\tf\t\\N'), 'has open f instead of t')
  assert.equal(lines.differenceOf(row, 'a\t1\tt\t'), 'has note  instead of null')
})

test('what a handler throws ends the copy, and the connection goes on', t =>
  withTable(t, async client => {
    const broken = copyLines(client, 'select * from rows', () => {
      throw new RangeError('enough')
    })
    await assert.rejects(broken, /enough/)
    const { rows } = await client.query('select count(*)::int as count from rows')
    assert.deepEqual(rows, [{ count: ROWS.length }])
  }))
