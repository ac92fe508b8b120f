/** Logs: one JSON object a line, a past-tense event name, fields of the telemetry table only. */
import type { LogEvent, LogField } from '@tongchou/contracts/telemetry.ts'
import type { DestinationStream, Logger as Pino } from 'pino'
import { pino, stdTimeFunctions } from 'pino'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogValue = string | number | bigint | boolean | null | undefined
export type LogEntry = { readonly event: LogEvent } & { readonly [F in LogField]?: LogValue }

export type Logger = {
  debug(entry: LogEntry): void
  info(entry: LogEntry): void
  warn(entry: LogEntry): void
  error(entry: LogEntry): void
  /** The same log with a field set on every line. */
  with(fields: { readonly [F in LogField]?: LogValue }): Logger
}

/**
 * Second line of defence behind the typed fields: whatever comes under these names is not written.
 */
const REDACTED = [
  'authorization',
  'birthDate',
  'bornOn',
  'body',
  'cardNo',
  'cookie',
  'data',
  'diagnoses',
  'headers',
  'idNo',
  'key',
  'name',
  'password',
  'payload',
  'personNo',
  'phone',
  'secret',
  'token',
] as const

const MAX_STACK_LINES = 12
const MAX_MESSAGE = 200

export function createLogger(options: {
  readonly service: string
  readonly level: LogLevel
  readonly destination?: DestinationStream
}): Logger {
  const { service, level, destination } = options
  const settings = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...REDACTED, ...REDACTED.map(field => `*.${field}`)], censor: '[redacted]' },
  }
  return wrap(destination === undefined ? pino(settings) : pino(settings, destination))
}

function wrap(log: Pino): Logger {
  return {
    debug: entry => log.debug(entry),
    info: entry => log.info(entry),
    warn: entry => log.warn(entry),
    error: entry => log.error(entry),
    with: fields => wrap(log.child(fields)),
  }
}

/** A logger for tests and tools that want none. */
export const SILENT: Logger = wrap(pino({ level: 'silent' }))

export type ErrorFields = {
  readonly errorName: string
  readonly errorCode: string | undefined
  readonly errorMessage: string
  readonly stack: string | undefined
}

/**
 * What a log may say of an error. A message can quote what a caller sent (JSON.parse and PostgreSQL
 * do): all from the first quote or bracket to the last, long digit runs and all that is not ASCII
 * are masked; of the stack only the frames are kept.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) {
    return { errorName: typeof error, errorCode: undefined, errorMessage: '', stack: undefined }
  }
  const frames = error.stack?.split('\n').filter(line => line.startsWith('    at '))
  return {
    errorName: error.name,
    errorCode: 'code' in error ? String(error.code).slice(0, 64) : undefined,
    errorMessage: masked(error.message),
    stack: frames?.slice(0, MAX_STACK_LINES).join('\n'),
  }
}

function masked(message: string): string {
  return message
    .slice(0, 4 * MAX_MESSAGE)
    .replaceAll(/["'`(](?:.*["'`)]|.*$)/gs, '…')
    .replaceAll(/[0-9]{6,}[0-9xX]?/g, '…')
    .replaceAll(/[^\x20-\x7e…]+/g, '…')
    .slice(0, MAX_MESSAGE)
}
