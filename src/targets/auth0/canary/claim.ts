import type { Probing } from './probing.ts'

/** `not asked`: it could not be, for a reason that `seen` says. */
export type Verdict = 'confirmed' | 'refuted' | 'not asked'

export interface Asked {
  readonly verdict: Verdict
  /** What the tenant did, in a sentence without a secret. */
  readonly seen: string
}

/** Something on which syn2op builds, and which only a real tenant can confirm: Auth0's documentation does not say it in words. */
export interface Claim {
  readonly id: string
  /** As syn2op takes it to be, in a sentence. */
  readonly says: string
  /** What is to be done where it is not so. */
  readonly otherwise: string
  ask(probing: Probing): Promise<Asked>
}

export const confirmed = (seen: string): Asked => ({ verdict: 'confirmed', seen })

export const refuted = (seen: string): Asked => ({ verdict: 'refuted', seen })

export const notAsked = (seen: string): Asked => ({ verdict: 'not asked', seen })
