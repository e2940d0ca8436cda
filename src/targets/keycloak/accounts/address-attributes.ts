import type { AttributeNames } from './user-rules.ts'
import type { Place, WantedThreepid } from './wanted-threepids.ts'

/** The attributes for addresses, those that have one. */
export const addressAttributes = (
  held: readonly WantedThreepid[],
  names: AttributeNames,
): Readonly<Record<string, readonly string[]>> => {
  const [emails, phones] = [valuesAt(held, 'emails'), valuesAt(held, 'phones')]
  return {
    ...(emails.length === 0 ? {} : { [names.emails]: emails }),
    ...(phones.length === 0 ? {} : { [names.phones]: phones }),
  }
}

export const valuesAt = (held: readonly WantedThreepid[], place: Place): readonly string[] => [
  ...new Set(held.flatMap((one) => (one.place === place ? [one.value] : []))),
]
