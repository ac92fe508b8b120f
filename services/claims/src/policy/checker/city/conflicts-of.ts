/** All that the rules find in the file of one city, for one of its two packages. */
import type { CityDocument } from '@tongchou/contracts/city/city-document.ts'
import type { ConflictDocument } from '@tongchou/contracts/policy-document.ts'
import type { Scheme } from '../../facts.ts'
import { across } from './across.ts'
import { againstTexts } from './against-texts.ts'
import { documents } from './documents.ts'
import { remoteTexts } from './remote-texts.ts'
import { structure } from './structure.ts'
import { textsOnly } from './texts-only.ts'

/** `all`: the files to compare with, this one among them or not. */
export function conflictsOf(
  city: CityDocument,
  scheme: Scheme,
  all: readonly CityDocument[],
): readonly ConflictDocument[] {
  return [
    ...againstTexts(city, scheme),
    ...remoteTexts(city, scheme),
    ...textsOnly(city, scheme),
    ...structure(city, scheme),
    ...documents(city, scheme),
    ...across(city, scheme, all),
  ]
}
