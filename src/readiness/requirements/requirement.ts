import type { FindingCode } from '../../findings/catalogue.ts'
import type { ProbeCode } from '../probes/probe.ts'

/** The steps of `readiness --walk`, by their names in the result. */
export type WalkStepName =
  | 'metadata'
  | 'registration'
  | 'authorization'
  | 'token'
  | 'whoami'
  | 'refresh'
  | 'lost answer'
  | 'revocation'

/** What the ecosystem asks of one of the parts, and where it is answered. */
export interface Requirement {
  /** Small letters and hyphens. */
  readonly id: string
  readonly of: 'homeserver' | 'op' | 'client' | 'migration'
  /** What is asked for, one sentence without a full stop. */
  readonly requirement: string
  /** Where it is from, or `none` where it is custom only. */
  readonly spec: string
  readonly probes?: readonly ProbeCode[]
  readonly steps?: readonly WalkStepName[]
  /** Why nothing here asks for it, or not for all of it, and where it is answered. */
  readonly whyNot?: string
  /** Findings of `syn2op check` that answer it. */
  readonly findings?: readonly FindingCode[]
}
