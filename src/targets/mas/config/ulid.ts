const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 26
const BITS = 128n

/** True for 26 characters of Crockford's base 32, in either case, without the look-alikes I, L, O and U. */
export const isUlid = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]{26}$/i.test(text)

/**
 * The UUID in lower case under which MAS stores what its configuration names by a ULID: the same 128 bits.
 * 26 characters can say 130 bits; the two above are dropped, as the ULID library of MAS does it.
 * @throws RangeError when the text is no ULID.
 */
export const ulidToUuid = (ulid: string): string => {
  if (!isUlid(ulid)) throw new RangeError('not a ULID')
  let bits = 0n
  for (const character of ulid.toUpperCase()) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character))
  const hex = BigInt.asUintN(Number(BITS), bits).toString(16).padStart(32, '0')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * The ULID, in upper case, of an identifier that MAS stores as a UUID: what its logs, URLs and configuration show.
 * @throws RangeError when the text is no UUID.
 */
export const uuidToUlid = (uuid: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) throw new RangeError('not a UUID')
  const bits = BigInt(`0x${uuid.replaceAll('-', '')}`)
  return Array.from({ length: LENGTH }, (_, place) => {
    const digit = (bits >> BigInt(5 * (LENGTH - 1 - place))) & 31n
    return ALPHABET.charAt(Number(digit))
  }).join('')
}
