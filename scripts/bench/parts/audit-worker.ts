/** `tongchou audit verify` without its table, as a process of its own. Prints one JSON line. */
import { availableParallelism } from 'node:os'
import { openDatabaseSource } from '../../audit/source/database.ts'
import { verify } from '../../audit/verify.ts'

const [url = '', dataDir = ''] = process.argv.slice(2)
const threads = availableParallelism()
const before = process.cpuUsage()
const startedMs = performance.now()
const { source, address } = await openDatabaseSource(url, dataDir)
try {
  const { events, findings } = await verify(source, address, { threads })
  const seconds = Math.round(performance.now() - startedMs) / 1_000
  const eventsPerSecond = Math.round(events / seconds)
  const { user, system } = process.cpuUsage(before)
  const nodeMicrosAnEvent = Math.round(((user + system) * 10) / events) / 10
  const figures = { events, seconds, threads, eventsPerSecond, nodeMicrosAnEvent }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  for (const { check, service, detail } of findings) console.error(`${check} ${service}: ${detail}`)
  if (findings.length > 0) process.exitCode = 1
} finally {
  await source.close()
}
