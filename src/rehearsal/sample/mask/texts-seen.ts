/** From how many characters on a text must not even be a part of another. */
export const SHORTEST_PART = 8

/** A set that may say yes for what was never put in, once in some hundred times, and takes the same memory whatever is put in. */
export interface RoughSet {
  add(text: string): void
  has(text: string): boolean
}

/** @param expected about how many texts it will hold. */
export const roughSet = (expected: number): RoughSet => {
  const bits = 2 ** Math.min(32, Math.max(16, Math.ceil(Math.log2(Math.max(1, expected) * 16))))
  const bytes = new Uint8Array(bits / 8)
  const places = (text: string): readonly number[] => {
    const [a, b] = hashes(text)
    return [0, 1, 2, 3].map((turn) => (a + turn * b) % bits)
  }
  return {
    add: (text) => {
      for (const place of places(text))
        bytes[Math.floor(place / 8)] = (bytes[Math.floor(place / 8)] ?? 0) | (1 << (place % 8))
    },
    has: (text) => places(text).every((place) => ((bytes[Math.floor(place / 8)] ?? 0) & (1 << (place % 8))) !== 0),
  }
}

/** Two numbers of 32 bits of a text. Source: cyrb53, public domain. */
const hashes = (text: string): readonly [number, number] => {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return [a >>> 0, (b | 1) >>> 0]
}

/** What people of the source are called, and must not be found in what is written. */
export interface TextsSeen {
  add(text: string): void
  /** Whether a text is one of them, or holds one of eight or more characters. It may say so where it is not. */
  isIn(text: string): boolean
}

export const textsSeen = (expected: number): TextsSeen => {
  const whole = roughSet(expected)
  const parts = roughSet(expected)
  return {
    add: (text) => {
      const folded = folding(text)
      if (folded === '') return
      whole.add(folded)
      const letters = [...folded]
      // Wherever the text is found, its beginning is.
      if (letters.length >= SHORTEST_PART) parts.add(letters.slice(0, SHORTEST_PART).join(''))
    },
    isIn: (text) => {
      const folded = folding(text)
      if (whole.has(folded)) return true
      const letters = [...folded]
      for (let start = 0; start + SHORTEST_PART <= letters.length; start++) {
        if (parts.has(letters.slice(start, start + SHORTEST_PART).join(''))) return true
      }
      return false
    },
  }
}

/** Nobody's name in other capitals either. */
const folding = (text: string): string => text.toLowerCase()
