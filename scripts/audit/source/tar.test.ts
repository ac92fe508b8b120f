import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { BadTar, membersOf, readMember, TarWriter } from './tar.ts'

const CONTENTS = {
  'manifest.json': Buffer.from('{}\n'),
  'empty.txt': Buffer.alloc(0),
  'clearing/events.copy.gz': Buffer.alloc(1536, 7),
  'funds/checkpoints.ndjson': Buffer.alloc(100_001, 9),
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'tongchou-tar-'))
const file = path.join(folder, 'export.tar')
after(() => rmSync(folder, { recursive: true }))

before(async () => {
  const handle = await open(file, 'w')
  const tar = new TarWriter(handle)
  for (const [name, content] of Object.entries(CONTENTS)) {
    const chunks = [content.subarray(0, 10), content.subarray(10)]
    assert.equal(await tar.add(name, chunks), content.length)
  }
  await tar.finish()
  await handle.close()
})

describe('a tar file', () => {
  test('holds what was added, by name', async () => {
    const members = await membersOf(file)
    assert.deepEqual([...members.keys()], Object.keys(CONTENTS))
    for (const [name, content] of Object.entries(CONTENTS)) {
      const member = members.get(name) ?? assert.fail(name)
      assert.deepEqual(await buffer(readMember(file, member)), content)
    }
  })

  test('has ustar headers and whole blocks', () => {
    const bytes = readFileSync(file)
    assert.equal(bytes.length % 512, 0)
    assert.equal(bytes.toString('latin1', 257, 262), 'ustar')
    assert.equal(bytes.toString('latin1', 0, 13), 'manifest.json')
    assert.equal(bytes.toString('latin1', 124, 136), '00000000003 ')
  })

  test('that was cut off or changed is refused', async () => {
    const bytes = readFileSync(file)
    const copy = path.join(folder, 'damaged.tar')
    for (const length of [100, 512, 1500, bytes.length - 1024]) {
      writeFileSync(copy, bytes)
      truncateSync(copy, length)
      await assert.rejects(membersOf(copy), BadTar, `${length} bytes`)
    }
    for (const at of [3, 130, 512 * 2 + 125]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(copy, changed)
      await assert.rejects(membersOf(copy), BadTar, `byte ${at}`)
    }
  })
})
