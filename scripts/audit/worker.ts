/** A thread of the audit: passes the stores it is given, one after another. */
import type { KeyObject } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { keyFromVerificationKey } from '@tongchou/runtime/audit/checkpoint.ts'
import { type Passed, passStore } from './pass.ts'
import { openSource, type SourceAddress } from './source/open.ts'
import type { AuditSource } from './source/source.ts'

export type WorkerData = { readonly address: SourceAddress; readonly trusted: string | undefined }
export type ToWorker = { readonly service: ServiceName }
export type FromWorker =
  | { readonly kind: 'events'; readonly count: number }
  | { readonly kind: 'passed'; readonly passed: Passed }
  | { readonly kind: 'failed'; readonly message: string }

const TELL_EVERY = 10_000

async function pass({ address, trusted }: WorkerData, service: ServiceName): Promise<void> {
  const source = await openSource(address)
  let count = 0
  const tell = (): void => {
    send({ kind: 'events', count })
    count = 0
  }
  const key = trusted === undefined ? undefined : keyFromVerificationKey(trusted)
  const passed = await passStore(trusting(source, key), service, more => {
    count += more
    if (count >= TELL_EVERY) tell()
  })
  tell()
  await source.close()
  send(
    { kind: 'passed', passed },
    passed.blocks.map(({ bytes }) => bytes.buffer),
  )
}

/** The source with another public key for the checkpoints than the one that stands beside them. */
function trusting(source: AuditSource, publicKey: KeyObject | undefined): AuditSource {
  if (publicKey === undefined) return source
  const { checkpoints } = source
  return { ...source, checkpoints: async of => ({ ...(await checkpoints(of)), publicKey }) }
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

parentPort?.on('message', ({ service }: ToWorker) => {
  pass(workerData as WorkerData, service).catch((error: unknown) => {
    send({
      kind: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  })
})
