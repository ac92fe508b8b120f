/**
 * Who asks: what the verified token says, and what it allows. Nothing of this comes from a
 * request's body.
 */
import { CODE_PATTERN, REGION_PATTERN } from '@tongchou/contracts/http/scalars.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { commonProblem } from '../http/problem.ts'

export const ROLES = [
  'hospital',
  'agency',
  'centre',
  'reviewer',
  'auditor',
  'operator',
  'service',
] as const
export type Role = (typeof ROLES)[number]

/**
 * A hospital has an institution, an agency a region; a reviewer or auditor without a region has
 * them all.
 */
export type Caller =
  | Is<'hospital', string, null>
  | Is<'agency', null, string>
  | Is<'reviewer' | 'auditor', null, string | null>
  | Is<'centre' | 'operator' | 'service', null, null>

type Is<R extends Role, Institution, Region> = {
  readonly role: R
  /** `sub` of the token: an account, never a person's name. */
  readonly subject: string
  readonly institution: Institution
  readonly region: Region
}

const CODE = new RegExp(CODE_PATTERN, 'u')
const REGION = new RegExp(REGION_PATTERN, 'u')

type Claims = {
  readonly sub?: unknown
  readonly role?: unknown
  readonly institution?: unknown
  readonly region?: unknown
}

/**
 * Undefined when the claims name no caller: an unknown role, a hospital without its institution.
 */
export function callerFrom(claims: Claims): Caller | undefined {
  const subject = textOf(claims.sub, CODE)
  const institution = textOf(claims.institution, CODE)
  const region = textOf(claims.region, REGION)
  const role = ROLES.find(known => known === claims.role)
  if (subject === null || role === undefined) return undefined
  switch (role) {
    case 'hospital':
      return institution === null ? undefined : { role, subject, institution, region: null }
    case 'agency':
      return region === null ? undefined : { role, subject, institution: null, region }
    case 'reviewer':
    case 'auditor':
      if (claims.region !== undefined && region === null) return undefined
      return { role, subject, institution: null, region }
    case 'centre':
    case 'operator':
    case 'service':
      return { role, subject, institution: null, region: null }
  }
}

function textOf(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null
}

/** The one region that the caller acts for; null when it acts for none or for all. */
export function regionOf(caller: Caller): string | null {
  return caller.region
}

/** Hospitals read by institution, not by region; an agency its own; the centre and its kind all. */
export function mayReadRegion(caller: Caller, region: string): boolean {
  if (caller.role === 'hospital') return false
  return caller.region === null || caller.region === region
}

/**
 * `hospital:H110001`, `agency:110100`, `reviewer:310100/r-17`: the actor of a command's metadata.
 */
export function actorOf(caller: Caller): string {
  switch (caller.role) {
    case 'hospital':
      return `hospital:${caller.institution}`
    case 'agency':
      return `agency:${caller.region}`
    case 'reviewer':
    case 'auditor':
      return `${caller.role}:${caller.region ?? '*'}/${caller.subject}`
    case 'centre':
    case 'operator':
    case 'service':
      return `${caller.role}:${caller.subject}`
  }
}

type Done = (error?: Error) => void

/** A preHandler that lets these roles pass and answers `not-allowed` to others. */
export function requireRole(...roles: readonly Role[]) {
  const allowed: ReadonlySet<Role> = new Set(roles)
  return function checkRole(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
    if (allowed.has(request.caller.role)) done()
    else done(notAllowed(`${request.caller.role} is none of ${roles.join(', ')}`))
  }
}

export function notAllowed(detail: string) {
  return commonProblem('not-allowed', { detail })
}
