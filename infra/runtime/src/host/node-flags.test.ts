import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nodeFlags } from './node-flags.ts'

describe('flags of processes that host services', () => {
  it('let the collector help itself to cores that no other process needs', () => {
    assert.ok(!nodeFlags(2, 2).includes('--single-threaded-gc'))
  })
  it('keep it to its own thread where there are fewer cores than processes', () => {
    assert.ok(nodeFlags(3, 2).includes('--single-threaded-gc'))
  })
})
