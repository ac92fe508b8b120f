/** A person as agencies send them, and who asks, for tests of routes. */
export const agency = { role: 'agency', region: '110100' } as const
export const elsewhere = { role: 'agency', region: '310100' } as const

/** A woman of Beijing, employed and covered from 2020 on. */
export function person(personNo: string) {
  return {
    personNo,
    idNumber: '110100197812250017',
    name: '吴志霞',
    sex: 'F',
    bornOn: '1978-12-25',
    regionCode: '110100',
    scheme: 'employee',
    status: 'active',
    coveredFrom: '2020-01-01',
  }
}
