import type { Auth0Plan } from '../config/auth0-config.ts'
import { foretell } from './foretell.ts'
import { importSpeedOf, type SpeedGrade } from './import-speed.ts'

/** How long so many people take at a tenant that has nobody yet. Seconds. */
export interface ForecastRow {
  readonly plan: Auth0Plan
  readonly accounts: number
  readonly migrate: number
  readonly verify: number
  readonly rollback: number
  /** Who says how fast imports are. */
  readonly grade: SpeedGrade
}

/** Of a row with a peppered hash, a username, an e-mail address and the marks. */
export const USUAL_BYTES = 730

/** From the slowest to the fastest. */
export const PLANS_BY_SPEED = [
  'free',
  'enterprise-nonproduction',
  'essentials',
  'professional',
  'enterprise',
  'enterprise-bulk',
] as const satisfies readonly Auth0Plan[]

const SIZES = [10_000, 100_000, 1_000_000] as const

/** What a migration takes by plan and size, where this part of what the tenant allows is used. */
export const forecastTable = (share: number): readonly ForecastRow[] =>
  PLANS_BY_SPEED.flatMap((plan) =>
    SIZES.map((accounts) => {
      const config = { plan, rate: { share }, providers: [] }
      const { phases, afterwards = [] } = foretell(
        { outcomes: [{ outcome: 'created', count: accounts }], accounts },
        { config, bytesPerAccount: USUAL_BYTES },
      )
      const later = (work: string): number => afterwards.find(({ what }) => what === work)?.seconds ?? 0
      return {
        plan,
        accounts,
        migrate: phases.reduce((sum, { seconds }) => sum + seconds, 0),
        verify: later('verify'),
        rollback: later('rollback'),
        grade: importSpeedOf(plan).grade,
      }
    }),
  )
