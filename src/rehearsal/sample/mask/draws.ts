import { createHmac, createSecretKey } from 'node:crypto'

/** Numbers that look random, always the same ones of the same key, purpose and text. */
export interface Draws {
  /** From 0 to `below` - 1, which is small beside 16 million. */
  next(below: number): number
}

/** Makes the draws of one text; another attempt draws others. */
export type DrawsOf = (purpose: string, text: string, attempt?: number) => Draws

/** @param key a secret: without it nobody can try what a masked text was made of. */
export const drawsByKey = (key: Buffer): DrawsOf => {
  // A key that is made once: node:crypto takes eight times as long where it is given the bytes each time.
  const secret = createSecretKey(key)
  return (purpose, text, attempt = 0) => {
    let block = 0
    let bytes = Buffer.alloc(0)
    let position = 0
    const refill = (): void => {
      bytes = createHmac('sha512', secret).update(`${purpose}\0${attempt}\0${block++}\0${text}`).digest()
      position = 0
    }
    return {
      next: (below) => {
        if (position + WIDTH > bytes.length) refill()
        const drawn = bytes.readUIntBE(position, WIDTH)
        position += WIDTH
        return drawn % below
      },
    }
  }
}

/** Bytes of a draw. */
const WIDTH = 3
