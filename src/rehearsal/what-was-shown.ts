import type { ProofResult } from '../report/proof-parts.ts'
import type { Unproved } from './ends/throw-away-target.ts'

const KINDS = [
  { tried: 'password', what: 'logins', why: 'No password was tried that was expected to log in, and did' },
  { tried: 'token', what: 'tokens', why: 'No old token was tried that was expected to work, and did' },
] as const satisfies readonly ({ readonly tried: ProofResult['what'] } & Unproved)[]

/**
 * What is not proved though it was tried: that what is expected to fail fails shows nothing of what is expected to work. What was
 * not tried at all is named elsewhere. Pure.
 */
export const shownByNobody = (results: readonly ProofResult[]): readonly Unproved[] =>
  KINDS.flatMap(({ tried, what, why }) => {
    const own = results.filter((one) => one.what === tried)
    return own.length === 0 || own.some(({ expected, worked }) => expected && worked) ? [] : [{ what, why }]
  })
