/**
 * Where the log of another service ends: asked at its door when absence must be told from delay
 * (law 2). Who asks while a question is under way shares the next one: the answer is never older
 * than the question.
 */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { Fault } from '../service/fault.ts'

export const HEAD_PATH = '/v1/log/head'
const TIMEOUT_MS = 1000

export type HeadPorts = {
  readonly urlOf: (service: ServiceName) => string
  readonly serviceToken: () => Promise<string>
}

export function headAsker(ports: HeadPorts): (service: ServiceName) => Promise<bigint> {
  const running = new Map<ServiceName, Promise<bigint>>()
  const next = new Map<ServiceName, Promise<bigint>>()
  function start(service: ServiceName): Promise<bigint> {
    const question = askHead(ports, service).finally(() => running.delete(service))
    running.set(service, question)
    return question
  }
  return service => {
    const before = running.get(service)
    if (before === undefined) return start(service)
    const waiting = next.get(service)
    if (waiting !== undefined) return waiting
    const question = before
      .catch(() => 0n)
      .then(() => {
        next.delete(service)
        return start(service)
      })
    next.set(service, question)
    return question
  }
}

async function askHead({ urlOf, serviceToken }: HeadPorts, service: ServiceName): Promise<bigint> {
  const url = `${urlOf(service)}${HEAD_PATH}`
  try {
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${await serviceToken()}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body: unknown = await answer.json()
    if (answer.ok && typeof body === 'object' && body !== null && 'position' in body) {
      return BigInt(Number(body.position))
    }
    throw new Error(`HTTP ${answer.status}`)
  } catch (cause) {
    const text = `${service} does not say where its log ends (${url})`
    throw new Fault('unavailable', text, { cause })
  }
}
