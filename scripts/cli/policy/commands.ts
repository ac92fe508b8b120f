/** Commands for those who write policies: policy check, policy cities. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type Checked,
  checkPolicy,
  type Level,
} from '@tongchou/claims/policy/checker/check-policy.ts'
import { cityOf, makePacks } from '@tongchou/claims/policy/cities/make-packs.ts'
import { type LoadContext, type Loaded, loadPolicy } from '@tongchou/claims/policy/load.ts'
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { isLanguageForm, type PackDocument } from '@tongchou/contracts/policy-document.ts'
import type { Command } from 'commander'
import { CommandFault } from '../instance.ts'
import { LANGUAGES, type Language, policyReport, summary } from './report.ts'

const CITIES = join(import.meta.dirname, '../../../contracts/policies/cities')

export function addPolicyCommands(program: Command): void {
  const policy = program
    .command('policy')
    .description('check policies, make packs from city files 检查政策包，由城市数据生成政策包')
  policy
    .command('check')
    .description('say what is wrong with a policy, what its sources contradict, what to do 检查')
    .argument('<files...>', 'packs, tables, or files of cities 政策包、表格或城市数据文件')
    .option('--guard <file...>', 'packs whose guards hold for these 须遵守其约束的政策包', [])
    .option('--replaces <file>', 'the pack whose place these take 所取代的政策包')
    .option('--pool-result <fen>', 'income less spending of its fund this year 统筹基金当期结余')
    .option('--parent <file...>', 'packs that these may build on 可作为上级的政策包', [])
    .option('--lang <language>', `language of the texts 语言: ${LANGUAGES.join(', ')}`, 'both')
    .option('--no-notes', 'leave notes out 不显示说明')
    .option('--strict', 'warnings too end with exit code 2 有警告时以 2 结束')
    .option('--json', 'the findings as JSON')
    .addHelpText('after', CHECK_HELP)
    .action((files: readonly string[], options: CheckOptions) => {
      process.exitCode = runCheck(files, options)
    })
  policy
    .command('cities')
    .description('make the packs of the cities in contracts/policies/cities 生成城市政策包')
    .option('--check', 'write nothing; exit 1 where a pack differs from what would be made 只比较')
    .addHelpText('after', CITIES_HELP)
    .action((options: { readonly check?: boolean }) => {
      if (!runCities(options.check === true)) process.exitCode = 1
    })
}

const CHECK_HELP = `
Exit code 退出码:
  0  every file loads; there may be warnings 全部可用，可能有警告
  1  a file is refused, or cannot be read 有文件被拒绝或无法读取
  2  with --strict: a warning stands 使用 --strict 且有警告

Examples 示例:
  tongchou policy check draft.json
  tongchou policy check contracts/policies/cities/110100-resident.json --lang zh
  tongchou policy check contracts/policies/cities/source/*.json --no-notes
  tongchou policy check draft.json --guard contracts/policies/packs/P10.json`

const CITIES_HELP = `
Examples 示例:
  tongchou policy cities            after a change of a city file or of a reading 修改数据或解读之后
  tongchou policy cities --check`

type CheckOptions = {
  readonly guard: readonly string[]
  readonly replaces?: string
  readonly poolResult?: string
  readonly parent: readonly string[]
  readonly lang: string
  readonly notes: boolean
  readonly strict?: boolean
  readonly json?: boolean
}

/** The exit code. */
function runCheck(files: readonly string[], options: CheckOptions): number {
  const language = languageOf(options.lang)
  const beside = {
    cities: citiesBeside(files),
    guards: options.guard.map(file => loaded(file).plan),
    parents: options.parent.map(file => packOf(file)),
    ...replacedBy(options),
  }
  const shown: readonly Level[] = options.notes
    ? ['error', 'warning', 'note']
    : ['error', 'warning']
  const checked = files.map(file => ({ file, ...checkPolicy(readText(file), beside) }))
  if (options.json === true) console.log(JSON.stringify(checked, null, 2))
  else {
    for (const each of checked) console.log(policyReport(each, { language, shown }))
    if (checked.length > 1) console.log(summary(checked))
  }
  return exitCodeOf(checked, options.strict === true)
}

function replacedBy({ replaces, poolResult }: CheckOptions): LoadContext {
  if (replaces === undefined) return {}
  if (poolResult !== undefined && !/^-?[0-9]{1,15}$/u.test(poolResult)) {
    throw new CommandFault('--pool-result is a whole number of fen, e.g. -120000')
  }
  const currentResultFen = poolResult === undefined ? null : fen(Number(poolResult))
  return { replaces: { plan: loaded(replaces).plan, currentResultFen } }
}

/** The 22 cities and those among the files; a file takes the place of the city it is about. */
function citiesBeside(files: readonly string[]): readonly CityDocument[] {
  const known = sourcesOf(join(CITIES, 'source')).map(cityOf)
  const given = files.flatMap(file => cityIn(readText(file)))
  return [...new Map([...known, ...given].map(city => [city.cityCode, city])).values()]
}

/** Nothing for what is no city's file, or a wrong one: the check will say so. */
function cityIn(text: string): readonly CityDocument[] {
  try {
    return [cityOf(text)]
  } catch {
    return []
  }
}

/** A pack that others are held to. Throws CommandFault where it is refused itself. */
function loaded(file: string): Loaded {
  const pack = loadPolicy(JSON.parse(readText(file)))
  if (pack.ok) return pack
  throw new CommandFault(`${file} is refused itself: run tongchou policy check ${file}`)
}

function packOf(file: string): PackDocument {
  const { document } = loaded(file)
  if (isLanguageForm(document)) return document
  throw new CommandFault(`${file} is a table: only a pack in the policy language can be built on`)
}

function exitCodeOf(checked: readonly Checked[], strict: boolean): number {
  const has = (level: Level): boolean =>
    checked.some(({ findings }) => findings.some(found => found.level === level))
  if (has('error')) return 1
  return strict && has('warning') ? 2 : 0
}

function languageOf(text: string): Language {
  const found = LANGUAGES.find(language => language === text)
  if (found === undefined) throw new CommandFault(`--lang is one of ${LANGUAGES.join(', ')}`)
  return found
}

function readText(file: string): string {
  const path = resolve(file)
  if (!existsSync(path)) {
    throw new CommandFault(`${path} is not there: name a pack, a table or a city file 文件不存在`)
  }
  return readFileSync(path, 'utf8')
}

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => readFileSync(join(folder, name), 'utf8'))
}

/** False where --check found a difference. */
function runCities(check: boolean): boolean {
  const made = makePacks(sourcesOf(join(CITIES, 'source')))
  const differing = [...made].filter(([name, text]) => textOf(join(CITIES, name)) !== text)
  if (check) {
    for (const [name] of differing) console.log(`${name} differs: run tongchou policy cities`)
    console.log(`${made.size - differing.length} of ${made.size} packs are as they would be made`)
    return differing.length === 0
  }
  for (const [name, text] of differing) writeFileSync(join(CITIES, name), text)
  console.log(`${made.size} packs in ${CITIES}, ${differing.length} of them written`)
  return true
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
