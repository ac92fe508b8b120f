/** What a door has taken reaches the other services a moment later: waits until it has. */
import { setTimeout as sleep } from 'node:timers/promises'
import { personIdOf } from '@tongchou/contracts/id.ts'
import { partitionOf } from '@tongchou/runtime/message-log/partition.ts'
import { call } from '../http.ts'
import type { Instance } from '../instance.ts'
import { CommandFault } from '../instance.ts'
import { recordsOf } from '../records.ts'

const POLL_MS = 50
const ARRIVE_MS = 120_000

type PersonRecord = { readonly personNo: string; readonly accountBalanceFen: number }

/**
 * Returns once the opening balances of the folder are in the accounts: a claim pays from what is
 * there when it is adjudicated. Order is kept in each partition, so the last credit of each tells.
 */
export async function balancesArrived(
  instance: Instance,
  folder: string,
  personKey: Buffer,
): Promise<void> {
  const last = new Map<number, string>()
  for (const person of await recordsOf<PersonRecord>(folder, 'persons')) {
    if (person.accountBalanceFen === 0) continue
    const personId = personIdOf(personKey, person.personNo)
    last.set(partitionOf(personId), personId)
  }
  const token = await instance.token({ role: 'service' })
  for (const personId of last.values()) {
    const url = `${instance.urlOf('claims')}/v1/accounts/${personId}`
    await arrived('the opening balances', async () => (await call(url, { token })).status === 200)
  }
}

/** Asks until it is so. Throws CommandFault after two minutes. */
async function arrived(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + ARRIVE_MS
  while (!(await isSo())) {
    if (performance.now() > end) {
      throw new CommandFault(`${what} did not arrive: npm run tongchou -- parked shows why`)
    }
    await sleep(POLL_MS)
  }
}
