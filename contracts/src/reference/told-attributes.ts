/**
 * Further facts of a person or claim in one word of a query: `name:value,name:value`, as the door
 * hands them on where no claim carries them.
 */

export const TOLD_ATTRIBUTES = '^[A-Za-z]\\w{0,63}:[^,:]{1,100}(,[A-Za-z]\\w{0,63}:[^,:]{1,100})*$'

export function encodeAttributes(attributes: Readonly<Record<string, string>>): string {
  return Object.keys(attributes)
    .sort()
    .map(name => `${name}:${attributes[name]}`)
    .join(',')
}

/** The inverse, of text that fits the pattern; of a name that stands twice the last value. */
export function decodeAttributes(text: string): Readonly<Record<string, string>> {
  if (text === '') return {}
  return Object.fromEntries(text.split(',').map(entry => entry.split(':')))
}
