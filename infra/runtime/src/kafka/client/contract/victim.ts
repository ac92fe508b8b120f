/** `node victim.ts CLIENT BOOTSTRAP GROUP TOPIC`: a member that says when it has partitions. */
import { CLIENTS, type ClientName, optionsFor } from './brokers.ts'

const [name = '', bootstrap = '', group = '', topic = ''] = process.argv.slice(2)

function isClient(text: string): text is ClientName {
  return text in CLIENTS
}

if (!isClient(name)) throw new Error(`no client ${name}`)
await CLIENTS[name](optionsFor({ bootstrap })).consume({
  group,
  topic,
  onAssigned: partitions => {
    if (partitions.size > 0) process.send?.('assigned')
  },
  onRecords: () => {},
  onFault: () => {},
  onCrash: error => {
    throw error
  },
})
