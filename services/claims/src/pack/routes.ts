/**
 * HTTP to policy packs: publish, import, list, read. Policies are law: everyone with a token reads
 * them all.
 */
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import {
  breachJson,
  PackHashJson,
  PackPageJson,
  type PackRowJson,
  type PublishedPackJson,
  PublishedPackJson as PublishedSchema,
  PublishPackJson,
  SCHEMES,
} from '@tongchou/contracts/http/policy.ts'
import { DateJson, RegionJson, Shape } from '@tongchou/contracts/http/scalars.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { type Caller, requireRole } from '@tongchou/runtime/auth/caller.ts'
import { commandMeta } from '@tongchou/runtime/door/command-meta.ts'
import { IMPORT_ROUTE, importLines } from '@tongchou/runtime/door/import-lines.ts'
import { PAGE_QUERY } from '@tongchou/runtime/door/page.ts'
import { refusalProblem } from '@tongchou/runtime/door/refusal.ts'
import { actsFor } from '@tongchou/runtime/door/region.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { Http } from '@tongchou/runtime/http/server.ts'
import { type Static, Type } from 'typebox'
import type { PackPorts } from '../ports.ts'
import { demandsOfShelf } from './demands.ts'
import { packIdOf } from './pack-id.ts'
import { PACK_PROBLEMS, type PackDoorRefusal } from './problems.ts'
import { type PackShelf, sortKey } from './shelf.ts'
import { type PackFault, submissionOf } from './submission.ts'

const TAGS = ['policies']
/** A pack of many pages of law stays below it. */
const PACK_BYTES_MAX = 1024 * 1024
/** Compiling takes a few milliseconds: lines of an import between two looks at other work. */
const IMPORT_CHUNK = 20
/** What is wrong with a pack is told in full, up to here. */
const FAULTS_TOLD = 50

export function addPackRoutes(http: Http, ports: PackPorts): void {
  addPublishing(http, ports)
  addReading(http, ports)
}

function addPublishing(http: Http, ports: PackPorts): void {
  http.post(
    '/v1/policies',
    {
      preHandler: requireRole('agency', 'centre'),
      bodyLimit: PACK_BYTES_MAX,
      schema: {
        summary: 'Publish a policy pack; the same pack again is nothing new',
        tags: TAGS,
        body: PublishPackJson,
        response: { 200: PublishedSchema },
      },
    },
    async ({ body, caller }) => {
      const [answer] = await publish(ports, [body], caller)
      if (answer === undefined) throw new Error('one pack has one answer')
      if (answer instanceof HttpProblem) throw answer
      return answer
    },
  )
  http.post(
    '/v1/policies::import',
    {
      preHandler: requireRole('agency', 'centre'),
      ...IMPORT_ROUTE,
      schema: { summary: 'Publish packs as NDJSON, one a line', tags: TAGS },
    },
    importLines({
      line: PublishPackJson,
      take: (lines, caller) => publish(ports, lines, caller),
      logger: ports.logger,
      chunkLines: IMPORT_CHUNK,
    }),
  )
}

/**
 * Answers in order; those that are published can be read here afterwards. Each is held to the packs
 * before it in the list too.
 */
async function publish(
  ports: PackPorts,
  documents: readonly unknown[],
  caller: Caller,
): Promise<readonly (PublishedPackJson | HttpProblem)[]> {
  await ports.upToDate()
  const shelf = ports.shelf.copy()
  const checked = documents.map(document => {
    const entry = check(shelf, document, caller)
    if (isPack(entry)) shelf.apply(entry.data)
    return entry
  })
  const accepted = checked.filter(isPack)
  const handled = await ports.packs.handleAll(
    accepted.map(({ data }) => ({
      stream: ports.packs.streamOf(packIdOf(data.packHash)),
      command: { type: 'PublishPack', data, meta: commandMeta(ports, caller) },
    })),
  )
  const last = handled.reduce((most, { position }) => bigger(most, position), 0n)
  if (last > 0n) await ports.shelved(last)
  const outcomes = handled.values()
  return checked.map(entry => {
    if (entry instanceof HttpProblem) return entry
    const { decision, position } = outcomes.next().value ?? {}
    if (decision?.accepted === false) return packProblem(decision.refusal)
    if (typeof position === 'bigint') logPublished(ports, entry.data)
    return { ...rowJson(entry.data), warnings: entry.warnings.map(breachJson) }
  })
}

type Checked = { readonly data: PackPublished; readonly warnings: readonly PackFault[] }

function isPack(checked: Checked | HttpProblem): checked is Checked {
  return !(checked instanceof HttpProblem)
}

function bigger(a: bigint, b: bigint | null): bigint {
  return b !== null && b > a ? b : a
}

/** What is published already is not judged again: another answer would undo nothing. */
function check(shelf: PackShelf, document: unknown, caller: Caller): Checked | HttpProblem {
  const submission = submissionOf(document, shelf.documentNamed)
  if (!submission.ok) return faulty('pack-malformed', submission.faults)
  const { data, plan, supersedes } = submission
  const { packHash, regionCode, poolResultFen } = data
  if (!actsFor(caller, regionCode)) return packProblem({ kind: 'other-region', regionCode })
  const candidate = { plan, place: data, poolResultFen, supersedes }
  const { refusals, warnings } = demandsOfShelf(shelf, candidate)
  const isKnown = shelf.publishedOf(packHash) !== undefined
  if (refusals.length > 0 && !isKnown) return faulty('demands-broken', refusals)
  return { data, warnings: [...submission.warnings, ...warnings] }
}

function faulty(
  kind: 'pack-malformed' | 'demands-broken',
  faults: readonly PackFault[],
): HttpProblem {
  const [first] = faults
  return packProblem({
    kind,
    field: first?.path ?? '',
    rule: first?.rule ?? '',
    faults: faults.slice(0, FAULTS_TOLD).map(breachJson),
    faultsFound: faults.length,
  })
}

function logPublished({ logger }: PackPorts, pack: PackPublished): void {
  const { packHash, regionCode: region, effectiveFrom: activatesOn } = pack
  logger.info({ event: 'pack.published', packHash, region, activatesOn })
}

const ListJson = Shape({
  region: Type.Optional(RegionJson),
  scheme: Type.Optional(Type.Enum(SCHEMES)),
  on: Type.Optional(DateJson),
  ...PAGE_QUERY,
})

function addReading(http: Http, ports: PackPorts): void {
  http.get(
    '/v1/policies',
    {
      schema: {
        summary: 'Packs by region, scheme and activation; with `on` those in force on the day',
        tags: TAGS,
        querystring: ListJson,
        response: { 200: PackPageJson },
      },
    },
    ({ query }) => listed(ports, query),
  )
  http.get(
    '/v1/policies/:hash',
    {
      schema: {
        summary: 'The pack itself, as canonical JSON: its SHA-256 is the hash',
        tags: TAGS,
        params: Shape({ hash: PackHashJson }),
      },
    },
    ({ params }, reply) => {
      const published = ports.shelf.publishedOf(params.hash)
      if (published === undefined) throw packProblem({ kind: 'unknown-pack' })
      return reply.type('application/json; charset=utf-8').send(published.pack)
    },
  )
}

function listed({ shelf }: PackPorts, query: Static<typeof ListJson>): Static<typeof PackPageJson> {
  const { region, scheme, on, limit, after } = query
  const day = on === undefined ? null : businessDate(on)
  const rest = shelf
    .all()
    .filter(
      pack =>
        (region === undefined || pack.regionCode === region) &&
        (scheme === undefined || pack.scheme === scheme) &&
        (day === null || shelf.isInForce(pack, day)) &&
        (after === undefined || sortKey(pack) > after),
    )
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const next = rest.length > limit && last !== undefined ? sortKey(last) : null
  return { packs: page.map(rowJson), next }
}

function rowJson(pack: PackPublished): PackRowJson {
  const { packHash, regionCode, scheme, name, form, effectiveFrom, effectiveTo } = pack
  return {
    packHash,
    regionCode,
    scheme,
    name,
    form,
    effectiveFrom,
    effectiveTo,
    cannotCompute: pack.cannotCompute.map(gap => ({ ...gap, unless: [...gap.unless] })),
    attributes: pack.attributes.map(asked => ({ ...asked, values: [...asked.values] })),
  }
}

function packProblem(refusal: PackDoorRefusal): HttpProblem {
  return refusalProblem(PACK_PROBLEMS, refusal)
}
