/** What a caller hands in as a policy pack, checked and named by its content. */
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import { type Fen, fen } from '@tongchou/contracts/money.ts'
import {
  isLanguageForm,
  type PolicyDocument,
  type Text,
} from '@tongchou/contracts/policy-document.ts'
import { type BusinessDate, isBusinessDate } from '@tongchou/contracts/time.ts'
import { attributesAsked } from '../policy/asks/attributes.ts'
import { publishedGaps } from '../policy/asks/gaps.ts'
import type { Breach } from '../policy/guards/check.ts'
import { type Loaded, loadPolicy } from '../policy/load.ts'
import { canonicalJson } from '../policy/plan/content-hash.ts'
import type { Plan } from '../policy/plan/plan.ts'

/** Where and why a pack is refused, and what to do; `path` is in the pack's own JSON. */
export type PackFault = {
  readonly path: string
  readonly rule: string
  readonly found: string
  readonly says: Text
  readonly todo: Text
}

export type Submission =
  | {
      readonly ok: true
      readonly data: PackPublished
      readonly plan: Plan
      /** Hash of the pack that it says it takes the place of; null: it names none. */
      readonly supersedes: string | null
      /** What the parent asks in principle and this one does not give. */
      readonly warnings: readonly Breach[]
    }
  | { readonly ok: false; readonly faults: readonly PackFault[] }

/** A pack that was published, by its hash: what an override may build on. */
export type ParentOf = (packHash: string) => PolicyDocument | undefined

const nobody: ParentOf = () => undefined

/** Region and days beside a pack whose source names none. */
type Given = Readonly<Record<'regionCode' | 'effectiveFrom' | 'effectiveTo', string | null>>
type Beside = Given & {
  readonly supersedes: string | null
  readonly poolResultFen: Fen | null
}

const NOTHING: Beside = {
  regionCode: null,
  effectiveFrom: null,
  effectiveTo: null,
  supersedes: null,
  poolResultFen: null,
}

/**
 * Either the pack itself, in either form, or `{pack, regionCode, effectiveFrom, effectiveTo}` where
 * the pack leaves region or days open; `supersedes` beside it is the hash of the pack that it takes
 * the place of, `poolResultFen` how the pooled fund stands in the year to date. An override becomes
 * the whole pack that it makes of a published one. Refuses a pack that is wrong, open, or
 * contradicted by what stands beside it.
 */
export function submissionOf(value: unknown, parentOf: ParentOf = nobody): Submission {
  if (!isEnvelope(value)) return publishable(value, NOTHING, parentOf)
  const { pack, poolResultFen, ...named } = value
  const { regionCode, effectiveFrom, effectiveTo, supersedes, ...strange } = named
  const beside = { regionCode, effectiveFrom, effectiveTo, supersedes }
  const faults = [
    ...Object.keys(strange).map(key => fault(key, 'unknown-member', 'a member of the request')),
    ...Object.entries(beside)
      .filter(([, member]) => !isTextOrAbsent(member))
      .map(([key, member]) => fault(key, 'not-text', typeof member)),
    ...(isFenOrAbsent(poolResultFen)
      ? []
      : [fault('poolResultFen', 'not-fen', String(poolResultFen))]),
  ]
  if (faults.length > 0) return { ok: false, faults }
  const place = {
    regionCode: textOr(regionCode),
    effectiveFrom: textOr(effectiveFrom),
    effectiveTo: textOr(effectiveTo),
    supersedes: textOr(supersedes),
    poolResultFen: typeof poolResultFen === 'number' ? fen(poolResultFen) : null,
  }
  return publishable(pack, place, parentOf)
}

function isEnvelope(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'pack')
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string'
}

function isFenOrAbsent(value: unknown): boolean {
  return value === undefined || value === null || Number.isSafeInteger(value)
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function publishable(document: unknown, given: Beside, parentOf: ParentOf): Submission {
  const parent = parentOf(parentHash(document))
  const loaded = loadPolicy(document, {
    parents: parent !== undefined && isLanguageForm(parent) ? [parent] : [],
  })
  if (!loaded.ok) return { ok: false, faults: loaded.problems }
  return placed(loaded, given)
}

/** The hash that an override names; empty for every other document. */
function parentHash(document: unknown): string {
  if (typeof document !== 'object' || document === null || !('parent' in document)) return ''
  const { parent } = document
  if (typeof parent !== 'object' || parent === null || !('hash' in parent)) return ''
  return typeof parent.hash === 'string' ? parent.hash : ''
}

const REGION = /^[1-9][0-9]{5}$/u

function placed({ document, plan, hash, warnings }: Loaded, given: Beside): Submission {
  const faults: PackFault[] = []
  const { scheme, form, name } = plan
  const own = ownPlace(document)
  const pick = (name: keyof Given): string | null => {
    const [said, beside] = [own[name], given[name]]
    if (said !== null && beside !== null && said !== beside) {
      faults.push(fault(name, 'contradicts', `${said} in the pack, ${beside} beside it`))
    }
    return said ?? beside
  }
  const regionCode = pick('regionCode') ?? ''
  const effectiveFrom = pick('effectiveFrom')
  const effectiveTo = pick('effectiveTo')
  if (!REGION.test(regionCode)) faults.push(fault('regionCode', 'region-missing', regionCode))
  const from = dateIn('effectiveFrom', effectiveFrom, faults)
  const to = effectiveTo === null ? null : dateIn('effectiveTo', effectiveTo, faults)
  if (from !== null && to !== null && to < from) {
    faults.push(fault('effectiveTo', 'ends-before-it-begins', to))
  }
  if (faults.length > 0 || from === null) return { ok: false, faults }
  if (scheme === null && plan.guards.length === 0) {
    return { ok: false, faults: [fault('scheme', 'scheme-missing', 'null')] }
  }
  const { supersedes, poolResultFen } = given
  return {
    ...{ ok: true, plan, supersedes, warnings },
    data: {
      packHash: hash,
      regionCode,
      scheme,
      name: name.zh,
      effectiveFrom: from,
      effectiveTo: to,
      form,
      poolResultFen,
      pack: canonicalJson(document),
      cannotCompute: publishedGaps(plan),
      attributes: attributesAsked(document, plan),
    },
  }
}

function ownPlace({ region, effectiveFrom, effectiveTo }: PolicyDocument): Given {
  return { regionCode: region, effectiveFrom, effectiveTo }
}

function dateIn(path: keyof Given, value: string | null, faults: PackFault[]): BusinessDate | null {
  if (value !== null && isBusinessDate(value)) return value
  faults.push(fault(path, 'date-missing', value ?? 'nothing'))
  return null
}

const WORDING = {
  'unknown-member': {
    says: { en: 'this is no member beside a pack', zh: '政策包之外没有此字段' },
    todo: {
      en: 'send pack, regionCode, effectiveFrom, effectiveTo, supersedes, poolResultFen',
      zh: '只填写 pack、regionCode、effectiveFrom、effectiveTo、supersedes、poolResultFen',
    },
  },
  'not-text': {
    says: { en: 'this is not text', zh: '应为文本' },
    todo: { en: 'write it in quotes', zh: '用引号填写' },
  },
  'not-fen': {
    says: { en: 'this is no amount in fen', zh: '应为以分计的金额' },
    todo: { en: 'write a whole number of fen', zh: '填写整数，单位为分' },
  },
  contradicts: {
    says: { en: 'the pack says otherwise', zh: '与政策包内容不一致' },
    todo: { en: 'leave it out, or correct the pack', zh: '删去此项，或修改政策包' },
  },
  'region-missing': {
    says: { en: 'no region of six digits is named', zh: '未写明六位行政区划代码' },
    todo: { en: 'name the region beside the pack', zh: '在政策包之外填写 regionCode' },
  },
  'scheme-missing': {
    says: {
      en: 'the pack is of no one scheme and holds no other',
      zh: '政策包未限定险种，亦无约束',
    },
    todo: {
      en: 'publish a pack of one scheme, or one with guards',
      zh: '发布限定一个险种的政策包，或含约束的政策包',
    },
  },
  'date-missing': {
    says: { en: 'no calendar day is named', zh: '未写明日期' },
    todo: { en: 'name the day beside the pack as YYYY-MM-DD', zh: '按 YYYY-MM-DD 填写日期' },
  },
  'ends-before-it-begins': {
    says: { en: 'the policy ends before it takes effect', zh: '失效日期早于生效日期' },
    todo: { en: 'correct effectiveFrom or effectiveTo', zh: '修改 effectiveFrom 或 effectiveTo' },
  },
} as const satisfies Record<string, Pick<PackFault, 'says' | 'todo'>>

function fault(path: string, rule: keyof typeof WORDING, found: string): PackFault {
  return { path, rule, found, ...WORDING[rule] }
}
