import { createHmac } from 'node:crypto'

/** Numbers that look random, always the same ones of the same key, purpose and text. */
export interface Draws {
  /** From 0 to `below` - 1. */
  next(below: number): number
}

/** Makes the draws of one text; another attempt draws others. */
export type DrawsOf = (purpose: string, text: string, attempt?: number) => Draws

/** @param key a secret: without it nobody can try what a masked text was made of. */
export const drawsByKey =
  (key: Buffer): DrawsOf =>
  (purpose, text, attempt = 0) => {
    let block = 0
    let bytes = Buffer.alloc(0)
    let position = 0
    const refill = (): void => {
      bytes = createHmac('sha256', key).update(`${purpose}\0${attempt}\0${block++}\0`).update(text).digest()
      position = 0
    }
    return {
      next: (below) => {
        if (position + 4 > bytes.length) refill()
        const drawn = bytes.readUInt32BE(position)
        position += 4
        return drawn % below
      },
    }
  }
