/** Figures of a run over Kafka; their own names, so that a baseline does not mix them up. */
import type { Figure, Results } from './results.ts'

export function kafkaFigures(results: Results): Figure[] {
  const { batch, batchOfTenLines, single = [], outage, broker, eventsAClaim, memoryMiB } = results
  const ceiling =
    broker === undefined || eventsAClaim === undefined || eventsAClaim === 0
      ? {}
      : {
          ceiling: {
            of: 'its events by the bare client',
            value: Math.round(broker.producedPerSecond / eventsAClaim),
          },
        }
  const figures: Figure[] = []
  const rate = { unit: 'claims/s', better: 'higher' as const }
  if (batch !== undefined) {
    const { claimsPerSecond: value, othersCores } = batch
    const name = 'over Kafka: claims:batch, end to end'
    figures.push({ ...rate, name, value, othersCores, floor: 600, ...ceiling })
  }
  if (batchOfTenLines !== undefined) {
    const { claimsPerSecond: value, othersCores } = batchOfTenLines
    figures.push({ ...rate, name: 'over Kafka: claims:batch, 10 lines', value, othersCores })
  }
  for (const { due, claimsPerSecond, p50Ms, p99Ms, othersCores } of single) {
    if (due === null) {
      const name = 'over Kafka: single requests'
      figures.push({ ...rate, name, value: claimsPerSecond, othersCores })
      continue
    }
    const answer = { unit: 'ms', better: 'lower' as const, othersCores }
    const at = `over Kafka: answer at ${due}/s`
    figures.push({ ...answer, name: `${at}, p50`, value: p50Ms })
    figures.push({ ...answer, name: `${at}, p99`, value: p99Ms, floor: 250, goal: 100 })
  }
  if (outage !== undefined) {
    const { awayMs, due, caughtUpMs: value } = outage
    const name = `over Kafka: caught up after ${awayMs / 1_000} s without broker, ${due}/s`
    figures.push({ name, unit: 'ms', value, better: 'lower', floor: 10_000 })
  }
  if (memoryMiB !== undefined) {
    const { postgres: _database = 0, broker: _broker = 0, ...services } = memoryMiB
    const value = Object.values(services).reduce((sum, each) => sum + each, 0)
    figures.push({ name: 'over Kafka: memory of services', unit: 'MiB', value, better: 'lower' })
  }
  return figures
}
