import { randomInt } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A prefix and 16 letters or digits, as jobs and connections have them. */
export const auth0Id = (prefix: 'job' | 'con'): string =>
  `${prefix}_${Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)] ?? 'A').join('')}`

export const jobId = (): string => auth0Id('job')
