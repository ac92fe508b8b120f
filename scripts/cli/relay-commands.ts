/** `tongchou relay`: what an operator asks of the relays that fill the broker's topics. */
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import { SERVICES, type ServiceName } from '@tongchou/contracts/services.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Command } from 'commander'
import { ask } from './http.ts'
import { CommandFault, openInstance } from './instance.ts'

type Global = { readonly dataDir: string }

const EXAMPLE = `
A consumer that misses a record stops its partition and says behind which position; it goes on by
itself once the records behind that have been sent once more. They carry the numbers they had.

Example:
  tongchou relay again clearing.claim.v1 3 10482`

export function addRelayCommands(program: Command): void {
  const relay = program.command('relay').description('records between services, over Kafka')
  relay
    .command('again')
    .description('send the records of a topic-partition behind a position once more')
    .argument('<topic>', 'as the alarm names it')
    .argument('<partition>', 'its number')
    .argument('<after>', 'position behind which something is missing')
    .addHelpText('after', EXAMPLE)
    .action(async (topic: string, partition: string, after: string, _: object, it: Command) => {
      const instance = await openInstance(it.optsWithGlobals<Global>().dataDir)
      const token = await instance.token({ role: 'operator' })
      const body = { topic, partition: numberFrom(partition), after: numberFrom(after) }
      const service = serviceOf(topic)
      await ask(`${instance.urlOf(service)}/v1/log/again`, { method: 'POST', token, body })
      console.log(`${service} sends ${topic}, partition ${partition}, behind ${after} once more.`)
    })
}

function serviceOf(name: string): ServiceName {
  const known = [...Object.values(TOPICS), ...Object.values(PUBLIC_TOPICS)]
  const found = known.find(topic => topic.name === name)?.service
  const service = SERVICES.find(candidate => candidate === found)
  if (service !== undefined) return service
  throw new CommandFault(`${name} is no topic of a service; see tongchou asyncapi, or the alarm`)
}

function numberFrom(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new CommandFault(`${text} is no number: give a whole one`)
}
