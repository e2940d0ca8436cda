import { storedSize } from './stored-size.ts'

/** From so many bytes on a text is drawn so that it takes no more room in an index, which has some 2700 bytes for it. */
const NEAR_THE_LIMIT = 1000

/** Of its bytes. What is compressed by less PostgreSQL does not compress at all. */
const WORTH_COMPRESSING = 0.8

/** Of what the original takes: how much is only about known. */
const ROOM = 0.95

/** So many are drawn one by one in any case, that no two texts become one. */
const FEWEST_DRAWN = 32

/**
 * The other text with as many letters as they were drawn as leave it as compressible as the original.
 * @param written the other text, with so many of its letters as they were drawn
 */
export const fitting = (text: string, written: (most: number) => string): string => {
  const whole = written(text.length)
  if (Buffer.byteLength(text) < NEAR_THE_LIMIT) return whole
  const before = storedSize(text)
  const room = before * ROOM
  if (before > Buffer.byteLength(text) * WORTH_COMPRESSING || storedSize(whole) <= room) return whole
  let [few, many] = [FEWEST_DRAWN, text.length]
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2)
    if (storedSize(written(middle)) <= room) few = middle
    else many = middle
  }
  return written(few)
}
