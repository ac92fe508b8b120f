/**
 * The register of special and chronic outpatient diseases (门诊慢特病) of a person: what was
 * identified, by whom, and from when to when it counts.
 * @source capabilities CL-19; P03-R41
 */
import type { DiseaseRegistered } from '../events.generated.ts'
import { type BusinessDate, within } from '../time.ts'

export type Disease = Omit<DiseaseRegistered, 'personId'>

export function withDisease(
  diseases: readonly Disease[],
  { personId: _, ...disease }: DiseaseRegistered,
): readonly Disease[] {
  return [...diseases, disease]
}

/** An entry that ended before it began counts on no day. */
export function diseaseEnded(
  diseases: readonly Disease[],
  registrationNo: string,
  endedOn: BusinessDate,
): readonly Disease[] {
  return diseases.map(entry => {
    if (entry.registrationNo !== registrationNo) return entry
    const sooner = entry.validTo === null || endedOn < entry.validTo
    return sooner ? { ...entry, validTo: endedOn } : entry
  })
}

type Registered = { readonly diseases?: readonly Disease[] }

/** Codes that count on the day, each once, sorted. */
export function diseasesOn({ diseases = [] }: Registered, on: BusinessDate): readonly string[] {
  const valid = diseases.filter(({ validFrom, validTo }) => within(on, validFrom, validTo))
  return [...new Set(valid.map(({ disease }) => disease))].sort()
}

/** Whether the disease counts on the day; null: any. */
export function isRegistered(facts: Registered, disease: string | null, on: BusinessDate): boolean {
  const codes = diseasesOn(facts, on)
  return disease === null ? codes.length > 0 : codes.includes(disease)
}
