import { numbered } from '../../../report/counted.ts'
import type { Foretold, PlannedWork } from '../../target.ts'
import { limitOf } from '../api/limits.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { FILE_BYTES } from '../jobs/pack.ts'
import { importSpeedOf, type SpeedGrade } from './import-speed.ts'
import { secondsFor } from './request-time.ts'

export interface Foretelling {
  readonly config: Pick<Auth0Config, 'plan' | 'rate' | 'providers'>
  /** Of one user in an import file, on the average. */
  readonly bytesPerAccount: number
}

const CLASSES = ['users read', 'users write', 'users delete'] as const

/** To send a file, to look at its job some times, and to ask for its errors. */
const REQUESTS_PER_FILE = 6

/**
 * How long a run takes by what the plan of a tenant allows: nobody is made to wait by syn2op itself. New users are imported by jobs;
 * everybody else is read and then written one by one. Pure.
 */
export const foretell = ({ outcomes, accounts }: PlannedWork, { config, bytesPerAccount }: Foretelling): Foretold => {
  const countOf = (outcome: string): number => outcomes.find((one) => one.outcome === outcome)?.count ?? 0
  const [created, updated, removed] = [countOf('created'), countOf('updated'), countOf('removed')]
  const phases = [
    { phase: 'import', seconds: importSeconds(created, { config, bytesPerAccount }) },
    { phase: 'change', seconds: secondsFor({ 'users read': updated, 'users write': updated }, config) },
    { phase: 'remove', seconds: secondsFor({ 'users read': removed, 'users delete': removed }, config) },
  ].filter(({ seconds }) => seconds > 0)
  return {
    phases,
    afterwards: [
      { what: 'verify', seconds: secondsFor({ 'users read': accounts }, config) },
      ...(created === 0
        ? []
        : [
            {
              what: 'rollback' as const,
              seconds: secondsFor({ 'users read': created, 'users delete': created }, config),
            },
          ]),
    ],
    basis: basisOf(config),
  }
}

const importSeconds = (accounts: number, { config, bytesPerAccount }: Foretelling): number => {
  const files = Math.ceil((accounts * bytesPerAccount) / FILE_BYTES)
  return Math.max(
    accounts / importSpeedOf(config.plan).perSecond,
    secondsFor({ other: files * REQUESTS_PER_FILE }, config),
  )
}

const SAID_BY: Readonly<Record<SpeedGrade, string>> = {
  'support article': 'Auth0’s support says so of one tenant',
  'seen by others': 'somebody’s script tells so, Auth0 does not',
  'inferred': 'inferred from what Auth0’s support says of other plans',
}

const basisOf = ({ plan, rate, providers }: Foretelling['config']): string => {
  const { perSecond, grade } = importSpeedOf(plan)
  return (
    `the limits of the plan ${plan} (${limitWords(plan)}, as Auth0 documents them), of which ${Math.round(rate.share * 100)} % are used${windowWords(plan)}, ` +
    `and about ${numbered(perSecond)} users a second in two import jobs (${SAID_BY[grade]})` +
    (providers.some(({ link }) => link === 'scim') ? WITHOUT_SCIM : '')
  )
}

/** How many of those who are planned have such an identity is not known here. */
const WITHOUT_SCIM = ', without the two changes and three reads that each person takes who is made by SCIM'

/** Auth0's pages contradict each other on how requests come back: where that makes a difference it is told. */
const windowWords = (plan: Auth0Config['plan']): string => {
  const [read, write, remove] = CLASSES.map((of) => limitOf(plan, of))
  if (read === undefined || write === undefined || remove === undefined || read.of === write.of) return ''
  const bursts = `${read.burst} reads, ${write.burst} changes and ${remove.burst} deletions a minute`
  return ` (if they come back all at once at the end of each minute, as another of Auth0’s pages has it, only ${bursts}, which take many times as long)`
}

const limitWords = (plan: Auth0Config['plan']): string => {
  const [read, write, remove] = CLASSES.map((of) => limitOf(plan, of))
  if (read === undefined || write === undefined || remove === undefined) return ''
  if (read.of === write.of) return `${numbered(read.perSecond)} requests a second`
  const [reads, writes, removals] = [read, write, remove].map(({ perSecond }) => numbered(Math.round(perSecond * 60)))
  return `${reads} reads, ${writes} changes and ${removals} deletions of users a minute`
}
