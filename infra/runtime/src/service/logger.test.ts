import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger, errorFields } from './logger.ts'

function recording() {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const logger = createLogger({ service: 'clearing', level: 'info', destination })
  return { lines, logger }
}

test('a log line is an object with level, time, service, event and the fields given', () => {
  const { lines, logger } = recording()
  logger.with({ region: '110100' }).info({ event: 'claim.settled', claimId: 'c', durationMs: 3 })
  logger.debug({ event: 'claim.settled' })
  const { time, ...rest } = JSON.parse(lines.join(''))
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, {
    level: 'info',
    service: 'clearing',
    region: '110100',
    event: 'claim.settled',
    claimId: 'c',
    durationMs: 3,
  })
})

test('a log line carries positions as bigints', () => {
  const { lines, logger } = recording()
  logger.info({ event: 'consumer.started', position: 9_007_199_254_740_993n })
  assert.match(lines.join(''), /"position":9007199254740993/)
})

test('a log line drops personal data that slip past the types', () => {
  const { lines, logger } = recording()
  const slipped = { body: { a: '张三' }, idNo: '110101', reason: { name: '张三', token: 'x' } }
  logger.info({ event: 'claim.settled', ...slipped } as unknown as { event: 'claim.settled' })
  const text = lines.join('')
  for (const part of ['张三', '110101', '"x"']) assert.equal(text.includes(part), false, part)
})

test('an error is logged by name, code, frames, and message without what it quotes', () => {
  const error = Object.assign(
    new TypeError('key (id)=(110101199003074514) has "张三" 张 and 1234567X'),
    {
      code: '23505',
    },
  )
  const fields = errorFields(error)
  assert.equal(fields.errorName, 'TypeError')
  assert.equal(fields.errorCode, '23505')
  assert.equal(fields.errorMessage, 'key … … and …')
  assert.match(fields.stack ?? '', /^ {4}at /)
  assert.equal(fields.stack?.includes('张'), false)
})

test('what JSON.parse and PostgreSQL quote is masked, also when the quote is open', () => {
  for (const message of [
    `Unexpected token 'x', "{"name":"zhang" is not valid JSON`,
    'invalid input syntax for type integer: "zhang',
    'Key (name)=(zhang',
  ]) {
    assert.equal(errorFields(new Error(message)).errorMessage.includes('zhang'), false, message)
  }
})

test('what is no error has fields for the log too', () => {
  assert.equal(errorFields('zhang').errorMessage, '')
  assert.equal(errorFields(undefined).errorName, 'undefined')
})
