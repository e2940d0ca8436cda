/** Whole numbers from 0 on, a bit each: a million take 125 kB. */
export interface KeySet {
  add(key: number): void
  has(key: number): boolean
}

export const openKeySet = (): KeySet => {
  let bits = new Uint8Array(1024)
  return {
    add(key) {
      const at = key >>> 3
      if (at >= bits.length) {
        const larger = new Uint8Array(Math.max(at + 1, bits.length * 2))
        larger.set(bits)
        bits = larger
      }
      bits[at] = (bits[at] ?? 0) | (1 << (key & 7))
    },
    has: (key) => ((bits[key >>> 3] ?? 0) & (1 << (key & 7))) !== 0,
  }
}
