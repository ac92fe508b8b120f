/** One store from its first event to its last: what a thread does, and what it hands back. */
import { SERVICES, type ServiceName } from '@tongchou/contracts/services.ts'
import { viewGroups } from '@tongchou/runtime/view/run.ts'
import { Tally, type TallyResult } from './checks.ts'
import { ClaimsInspector } from './inspect/claims.ts'
import { ClearingInspector } from './inspect/clearing.ts'
import { FundsInspector } from './inspect/funds.ts'
import { MoneyInspector } from './inspect/sources.ts'
import { ViewInspector } from './inspect/views.ts'
import { type Block, Outbox } from './join/outbox.ts'
import type { Inspector, StoreDigest } from './lane.ts'
import { Lane } from './lane.ts'
import type { AuditSource } from './source/source.ts'
import { VIEWS_OF } from './views.ts'

export type Passed = {
  readonly store: StoreDigest
  readonly tallies: readonly TallyResult[]
  readonly blocks: readonly Block[]
  /** Groups of views whose tables were made by another build, or never: not compared. */
  readonly skipped: readonly string[]
}

/** Events between two words of progress. */
const TELL_EVERY = 5000

/** `onEvents` is told how many events were passed since it was told before. */
export async function passStore(
  source: AuditSource,
  service: ServiceName,
  onEvents: (count: number) => void,
): Promise<Passed> {
  const stores = await source.stores()
  const facts = stores.find(store => store.service === service)
  if (facts === undefined) throw new Error(`no store of ${service}`)
  const tallies = new Map(SERVICES.map(name => [name, new Tally(name)]))
  const tallyOf = (name: ServiceName): Tally => tallies.get(name) ?? new Tally(name)
  const outbox = new Outbox()
  const views = await viewInspectors({ source, service, stores, tallyOf })
  const inspectors = [...inspectorsOf(service, tallyOf(service), outbox), ...views.inspectors]
  const checkpoints = await source.checkpoints(service)
  const lane = new Lane({ facts, checkpoints }, tallyOf(service), inspectors)
  let untold = 0
  await source.events(service, event => {
    lane.event(event)
    untold += 1
    if (untold < TELL_EVERY) return
    onEvents(untold)
    untold = 0
  })
  onEvents(untold)
  const { size, root } = await lane.finish()
  const { incarnation } = facts.end
  return {
    store: { service, incarnation, size, root },
    tallies: [...tallies.values()].map(tally => tally.result()),
    blocks: outbox.blocks(),
    skipped: views.skipped,
  }
}

function inspectorsOf(service: ServiceName, tally: Tally, outbox: Outbox): readonly Inspector[] {
  switch (service) {
    case 'claims':
      return [new ClaimsInspector(tally, outbox), new MoneyInspector(service, tally, outbox)]
    case 'clearing':
      return [new ClearingInspector(tally, outbox), new MoneyInspector(service, tally, outbox)]
    case 'contributions':
      return [new MoneyInspector(service, tally, outbox)]
    case 'funds':
      return [new FundsInspector(tally, outbox)]
    default:
      return []
  }
}

type Kept = {
  readonly source: AuditSource
  readonly service: ServiceName
  readonly stores: Awaited<ReturnType<AuditSource['stores']>>
  readonly tallyOf: (service: ServiceName) => Tally
}

type Views = { readonly inspectors: readonly Inspector[]; readonly skipped: readonly string[] }

/** The views of all services that are fed by this store. */
async function viewInspectors({ source, service, stores, tallyOf }: Kept): Promise<Views> {
  const { views: tables } = source
  const inspectors: Inspector[] = []
  const skipped: string[] = []
  if (tables === null) return { inspectors, skipped }
  for (const { service: keeper, consumers } of stores) {
    for (const group of viewGroups(keeper, VIEWS_OF[keeper])) {
      if (group.topic.service !== service) continue
      if (!(await tables.has(keeper, group.group, group.views))) {
        skipped.push(group.group)
        continue
      }
      const own = consumers.filter(consumer => consumer.group === group.group)
      const positions = new Map(own.map(({ partition, position }) => [partition, position]))
      const rebuilt = { service: keeper, group, positions, tally: tallyOf(keeper) }
      inspectors.push(new ViewInspector(rebuilt, tables))
    }
  }
  return { inspectors, skipped }
}
