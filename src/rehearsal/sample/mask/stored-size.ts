/** As PostgreSQL's own compression has them: from three bytes on, of the last 4095, and 273 at most. */
const MATCH = { shortest: 3, farthest: 4095, longest: 273 } as const

/** In bits. A copy of 18 bytes or more needs a byte more. */
const COST = { literal: 9, copy: 17, longCopy: 25, long: 18 } as const

/**
 * About how many bytes a text takes where it is compressed as PostgreSQL does it. It is the same on every machine, for a sample
 * must be.
 */
export const storedSize = (text: string): number => {
  const bytes = Buffer.from(text)
  const last = new Map<number, number>()
  let bits = 0
  let index = 0
  const learn = (at: number): void => {
    if (at + MATCH.shortest <= bytes.length) last.set(bytes.readUIntBE(at, MATCH.shortest), at)
  }
  while (index < bytes.length) {
    const length = matching(bytes, index, last)
    if (length < MATCH.shortest) bits += COST.literal
    else bits += length < COST.long ? COST.copy : COST.longCopy
    const end = index + Math.max(1, length)
    for (; index < end; index++) learn(index)
  }
  return Math.ceil(bits / 8)
}

/** How many bytes from here on stand as they are where these three were last; 0: nowhere near. */
const matching = (bytes: Buffer, index: number, last: ReadonlyMap<number, number>): number => {
  if (index + MATCH.shortest > bytes.length) return 0
  const earlier = last.get(bytes.readUIntBE(index, MATCH.shortest))
  if (earlier === undefined || index - earlier > MATCH.farthest) return 0
  let length = 0
  while (length < MATCH.longest && index + length < bytes.length && bytes[earlier + length] === bytes[index + length])
    length++
  return length
}
