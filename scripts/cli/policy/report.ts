/** The findings of the pack checker as tables. */
import type { Checked, Finding, Level } from '@tongchou/claims/policy/checker/check-policy.ts'
import type { Text } from '@tongchou/contracts/policy-document.ts'
import Table from 'cli-table3'
import { table } from '../show.ts'

export const LANGUAGES = ['both', 'en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

const LEVEL_NAMES: Readonly<Record<Level, Text>> = {
  error: { en: 'refused', zh: '拒绝' },
  warning: { en: 'warning', zh: '警告' },
  note: { en: 'note', zh: '说明' },
}
const ORDER: readonly Level[] = ['error', 'warning', 'note']
const HEAD: readonly Text[] = [
  { en: 'level', zh: '级别' },
  { en: 'where, rule', zh: '位置、规则' },
  { en: 'what', zh: '情况' },
  { en: 'what to do', zh: '处理' },
]
/** Columns of text in each cell. */
const WIDTHS = [10, 42, 60, 32]

const FORMS: Readonly<Record<Checked['form'], Text>> = {
  city: { en: 'city file', zh: '城市数据' },
  language: { en: 'pack', zh: '政策包' },
  override: { en: 'pack on another', zh: '基于上级的政策包' },
  table: { en: 'table', zh: '表格' },
  unknown: { en: 'no policy', zh: '不是政策文件' },
}

/** All findings are counted, those of the levels shown are listed. */
export function policyReport(
  { file, form, name, findings }: Checked & { readonly file: string },
  { language, shown }: { readonly language: Language; readonly shown: readonly Level[] },
): string {
  const title = [file, name, inLanguage(FORMS[form], language), countsOf(findings, language)]
  const heading = title.filter(part => part !== '').join(' · ')
  const listed = findings.filter(({ level }) => shown.includes(level))
  return listed.length === 0 ? heading : `${heading}\n${findingsTable(listed, language)}\n`
}

function findingsTable(findings: readonly Finding[], language: Language): string {
  const made = new Table({
    head: HEAD.map(text => inLanguage(text, language)),
    style: { head: [], border: [] },
  })
  for (const level of ORDER) {
    for (const found of findings.filter(each => each.level === level)) {
      made.push(rowOf(found, language).map((cell, column) => wrap(cell, WIDTHS[column] ?? 0)))
    }
  }
  return made.toString()
}

function rowOf({ level, rule, path, found, says, todo }: Finding, language: Language): string[] {
  return [
    inLanguage(LEVEL_NAMES[level], language),
    [path, rule].filter(part => part !== '').join('\n'),
    [lines(says, language), found].filter(part => part !== '').join('\n'),
    lines(todo, language),
  ]
}

const SEGMENTS = new Intl.Segmenter('zh', { granularity: 'word' })
/** Characters that take two columns of a terminal. */
const WIDE = /[\u2e80-\uffef]/g

/** Breaks a text between words, Chinese ones too, so that no line is wider. */
function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map(line => wrapLine(line, width))
    .join('\n')
}

function wrapLine(line: string, width: number): string {
  const done: string[] = []
  let current = ''
  for (const { segment } of SEGMENTS.segment(line)) {
    if (columnsOf(current + segment.trimEnd()) > width) {
      done.push(current.trimEnd())
      current = segment.trimStart()
    } else current += segment
  }
  return [...done, current].join('\n')
}

function columnsOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}

/** In both languages one below the other. */
function lines({ en, zh }: Text, language: Language): string {
  if (language !== 'both') return language === 'en' ? en : zh
  return en === zh ? en : `${en}\n${zh}`
}

function inLanguage({ en, zh }: Text, language: Language): string {
  return language === 'both' ? `${en} ${zh}` : language === 'en' ? en : zh
}

function countsOf(findings: readonly Finding[], language: Language): string {
  return ORDER.map(level => {
    const count = findings.filter(found => found.level === level).length
    return `${count} ${inLanguage(LEVEL_NAMES[level], language)}`
  }).join(', ')
}

/** One line for each file. */
export function summary(checked: readonly (Checked & { readonly file: string })[]): string {
  const count = (findings: readonly Finding[], level: Level): number =>
    findings.filter(found => found.level === level).length
  return table(
    ['file 文件', ...ORDER.map(level => inLanguage(LEVEL_NAMES[level], 'both'))],
    checked.map(({ file, findings }) => [file, ...ORDER.map(level => count(findings, level))]),
  )
}
