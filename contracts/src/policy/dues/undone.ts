/**
 * The number of what takes back a receipt or credit: its number with a mark behind a colon, which
 * no number of an agency has.
 */
export function undoneNo(no: string): string {
  return `${no}:undone`
}
