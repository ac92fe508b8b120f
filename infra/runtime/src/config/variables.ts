/**
 * Settings come from the environment: each declared once, with unit and bounds; all faults told at
 * once.
 */
import { readFileSync } from 'node:fs'

type Read<T> = { readonly value: T } | { readonly fault: string }

export type Variable<T> = {
  readonly name: string
  /** `ms`, `bytes`, `port`, `URL`, `path`, … */
  readonly unit: string
  /** As it would be written in the environment; what happens without it, in brackets. */
  readonly default: string
  /** What is taken: `0 to 65535`, `debug | info`. */
  readonly bounds: string
  readonly describes: string
  /** Never printed, not even when it is refused. */
  readonly secret: boolean
  /** Undefined when the variable is unset or empty. */
  read(raw: string | undefined): Read<T>
}

export type Variables = Readonly<Record<string, Variable<unknown>>>
export type ConfigOf<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends Variable<infer T> ? T : never
}

type About = { readonly name: string; readonly describes: string }

export function integer(
  about: About & {
    readonly unit: string
    readonly default: number
    readonly min: number
    readonly max: number
  },
): Variable<number> {
  const { min, max } = about
  return {
    ...about,
    default: String(about.default),
    bounds: `${min} to ${max}`,
    secret: false,
    read: raw => {
      if (raw === undefined) return { value: about.default }
      if (!/^-?[0-9]{1,15}$/.test(raw)) return { fault: 'is not an integer' }
      const value = Number(raw)
      return value < min || value > max ? { fault: 'is out of bounds' } : { value }
    },
  }
}

export function choice<const T extends string>(
  about: About & { readonly of: readonly T[]; readonly default: NoInfer<T> },
): Variable<T> {
  return {
    ...about,
    unit: 'word',
    bounds: about.of.join(' | '),
    secret: false,
    read: raw => {
      const value = raw === undefined ? about.default : about.of.find(one => one === raw)
      return value === undefined ? { fault: 'is none of these words' } : { value }
    },
  }
}

type TextAbout = About & {
  readonly unit: string
  readonly bounds: string
  readonly pattern: RegExp
  readonly secret?: boolean
}

/** Text with a default. */
export function text(about: TextAbout & { readonly default: string }): Variable<string> {
  return {
    ...about,
    secret: about.secret ?? false,
    read: raw => matched(raw ?? about.default, about.pattern),
  }
}

/** Text that may be absent; `otherwise` says what happens then. */
export function optionalText(
  about: TextAbout & { readonly otherwise: string },
): Variable<string | null> {
  return {
    ...about,
    default: `(${about.otherwise})`,
    secret: about.secret ?? false,
    read: raw => (raw === undefined ? { value: null } : matched(raw, about.pattern)),
  }
}

function matched(value: string, pattern: RegExp): Read<string> {
  return pattern.test(value) ? { value } : { fault: 'has another form' }
}

/**
 * A 32-byte key: 64 hex digits, or the path of a file that holds them or the 32 bytes. Absent:
 * null.
 */
export function secretKey(about: About & { readonly otherwise: string }): Variable<Buffer | null> {
  return {
    ...about,
    unit: 'key',
    default: `(${about.otherwise})`,
    bounds: '64 hex digits, or the path of a file with them or with 32 raw bytes',
    secret: true,
    read: raw => {
      if (raw === undefined) return { value: null }
      const key = keyFrom(Buffer.from(raw)) ?? keyFromFile(raw)
      return key === null
        ? { fault: 'is neither a 32-byte key nor a file with one' }
        : { value: key }
    },
  }
}

/** The 32 bytes of a key written as 64 hex digits or raw; null when it is neither. */
export function keyFrom(bytes: Buffer): Buffer | null {
  const written = bytes.toString('latin1').trim()
  if (/^[0-9a-fA-F]{64}$/.test(written)) return Buffer.from(written, 'hex')
  return null
}

function keyFromFile(path: string): Buffer | null {
  try {
    const bytes = readFileSync(path)
    return keyFrom(bytes) ?? (bytes.length === 32 ? bytes : null)
  } catch {
    return null
  }
}

/** All that is wrong with the settings, one line each, with what to do. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault'
  readonly faults: readonly { readonly variable: string; readonly fault: string }[]
  constructor(faults: ConfigFault['faults']) {
    super(faults.map(({ variable, fault }) => `${variable} ${fault}`).join('\n'))
    this.faults = faults
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Throws ConfigFault that names every fault; values are shown only where they are no secret. */
export function readConfig<V extends Variables>(variables: V, env: Environment): ConfigOf<V> {
  const faults: { variable: string; fault: string }[] = []
  const values = Object.entries(variables).map(([key, variable]) => {
    const raw = env[variable.name]
    const read = variable.read(raw === '' ? undefined : raw)
    if ('value' in read) return [key, read.value]
    const shown = variable.secret ? '' : ` "${(raw ?? '').slice(0, 60)}"`
    const remedy = `set ${variable.bounds} (${variable.unit}), default ${variable.default}`
    faults.push({ variable: variable.name, fault: `${read.fault}${shown}: ${remedy}` })
    return [key, undefined]
  })
  if (faults.length > 0) throw new ConfigFault(faults)
  return Object.fromEntries(values)
}

/** Names that begin as ours do and that no table knows: most likely misspelt. */
export function unknownVariables(env: Environment, ...tables: readonly Variables[]): string[] {
  const known = new Set(tables.flatMap(table => Object.values(table).map(({ name }) => name)))
  return Object.keys(env).filter(name => name.startsWith('TONGCHOU_') && !known.has(name))
}

/** Markdown table of the variables, for a README or `--help`. */
export function describe(variables: Variables): string {
  const rows = Object.values(variables).map(
    ({ name, unit, default: preset, bounds, describes }) =>
      `| \`${name}\` | ${unit} | ${preset} | ${bounds.replaceAll('|', '\\|')} | ${describes} |`,
  )
  return [
    '| variable | unit | default | bounds | what it does |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
