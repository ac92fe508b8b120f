/** A thread of the audit: passes the stores it is given, one after another. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { type Passed, passStore } from './pass.ts'
import { openSource, type SourceAddress } from './source/open.ts'
import { trusting } from './source/source.ts'

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
  const passed = await passStore(trusting(source, trusted), service, more => {
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
