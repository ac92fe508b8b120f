/** `npm start`: the database, the services and the demo regions, kept running until Ctrl-C. */
import { readOptions } from './supervisor/options.ts'
import { StopAsked, stopOnSignals } from './supervisor/stop.ts'
import { supervise } from './supervisor/supervise.ts'

// A closed terminal or pipe must not end us before everything is stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const options = readOptions(process.argv.slice(2))
const stop = stopOnSignals(line => console.log(line))
try {
  await supervise(options, stop)
} catch (error) {
  if (error instanceof StopAsked) {
    console.log('stopped')
    process.exit(0)
  }
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
