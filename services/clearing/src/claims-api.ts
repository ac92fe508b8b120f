/**
 * What `claims` computes on demand for the door: quotes, explanations, entitlements. Nothing is
 * decided on them.
 */
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { HttpProblem } from '@tongchou/runtime/http/problem.ts'
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'

const TIMEOUT_MS = 5000

/** Under what a person is insured on a day: `claims` keeps no coverage. */
export type Insured = {
  readonly on: BusinessDate
  readonly region?: string
  readonly scheme?: string
  readonly status?: string
  readonly bornOn?: string
  readonly insuredYears?: string
  /** As `encodeAttributes` writes them. */
  readonly attributes?: string
}

export type ClaimsApi = {
  readonly quote: (facts: ClaimSubmitted) => Promise<unknown>
  /** With the shares of each line; `presettlement`: what an earlier quote said of itself. */
  readonly explanation: (claim: ClaimSubmitted, presettlement?: string) => Promise<unknown>
  readonly entitlement: (personId: PersonId, of: Insured) => Promise<object>
}

/** Over HTTP with a service token, whether `claims` runs in this process or another. */
export function httpClaimsApi(runtime: Pick<ServiceRuntime, 'urlOf' | 'serviceToken'>): ClaimsApi {
  async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<object> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${await runtime.serviceToken()}`,
    }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await fetch(`${runtime.urlOf('claims')}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Fault('unavailable', 'the claims service does not answer', { cause })
    })
    const reply: unknown = await response.json()
    if (response.ok) return Object(reply)
    if (response.status < 500) throw passedOn(response.status, reply)
    throw new Fault('unavailable', `the claims service answered ${response.status}`)
  }
  return {
    quote: facts => call('POST', '/v1/quotes', { claim: bytesOf(facts) }),
    explanation: (claim, presettlement) =>
      call('POST', explanationPath(claim), {
        claim: bytesOf(claim),
        ...(presettlement === undefined ? {} : { presettlement }),
      }),
    entitlement: (personId, of) =>
      call('GET', `/v1/accounts/${personId}/entitlement?${new URLSearchParams(of)}`),
  }
}

function bytesOf(claim: ClaimSubmitted): string {
  return encodeEvent('ClaimSubmitted', claim).toString('base64')
}

function explanationPath({ personId, claimId }: ClaimSubmitted): string {
  return `/v1/accounts/${personId}/adjudications/${claimId}/explanation`
}

/** A refusal of the other service goes to the caller as it is. */
function passedOn(status: number, reply: unknown): HttpProblem {
  const { type, title, detail, ...extensions } = reply as Record<string, string>
  const kind = (type ?? '').split('/').at(-1) ?? 'not-found'
  const problem = { status, title: title ?? 'Refused' }
  return new HttpProblem(kind, problem, {
    ...(detail === undefined ? {} : { detail }),
    extensions: Object.fromEntries(
      Object.entries(extensions).filter(([key]) => key !== 'status' && key !== 'instance'),
    ),
  })
}
