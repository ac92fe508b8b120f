/** Reference data for tests: everything is given a value, a test names what it is about. */
import type { CatalogueItem, InstitutionDesignated, PersonEnrolled } from '../events.generated.ts'
import type { PersonId } from '../id.ts'
import { basisPoints, fen } from '../money.ts'
import { businessDate } from '../time.ts'
import { idFor } from './fixed.ts'

/** A drug of class 乙 at 10 yuan, without limits, listed in 2024. */
export function catalogueRow(change: Partial<CatalogueItem> = {}): CatalogueItem {
  return {
    itemCode: 'A',
    name: '头孢呋辛注射液',
    kind: 'drug',
    class: '乙',
    unitPriceFen: fen(1000),
    firstShareBp: basisPoints(1000),
    priceLimitFen: null,
    onlySex: null,
    minAge: null,
    maxAge: null,
    validFrom: businessDate('2024-01-01'),
    validTo: businessDate('2024-12-31'),
    ...change,
  }
}

/** A hospital of Beijing whose agreement is of 2024. */
export function institution(change: Partial<InstitutionDesignated> = {}): InstitutionDesignated {
  return {
    institutionCode: 'H11010000001',
    name: '市第一医院',
    regionCode: '110100',
    level: 'tier3',
    type: 'hospital',
    network: ['intra', 'cross'],
    agreementFrom: businessDate('2024-01-01'),
    agreementTo: businessDate('2024-12-31'),
    grade: 'AAA',
    doctors: ['D1', 'D2'],
    ...change,
  }
}

/** An employee of Beijing, covered from 2020 on, whose personal data are none. */
export function enrolment(change: Partial<PersonEnrolled> = {}): PersonEnrolled {
  return {
    personId: idFor<PersonId>('person'),
    regionCode: '110100',
    scheme: 'employee',
    status: 'active',
    sex: 'F',
    bornOn: businessDate('1970-05-01'),
    coveredFrom: businessDate('2020-01-01'),
    coveredTo: null,
    premiumPaidOn: null,
    personal: Buffer.alloc(0),
    personalDigest: Buffer.alloc(0),
    ...change,
  }
}
