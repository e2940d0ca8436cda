import { limitOf, type QuotaClass } from '../../src/targets/auth0/api/limits.ts'
import type { Auth0Plan } from '../../src/targets/auth0/config/auth0-config.ts'
import { forecastTable, PLANS_BY_SPEED, USUAL_BYTES } from '../../src/targets/auth0/forecast/forecast-table.ts'
import { importSpeedOf } from '../../src/targets/auth0/forecast/import-speed.ts'
import { formatDuration, formatInteger } from '../../src/terminal/numbers.ts'
import { code, pageHead, table } from './markdown.ts'

/** As auth0.yaml has it where it says nothing. */
const SHARE = 0.8

const CLASSES = ['users read', 'users write', 'users delete', 'other'] as const

const limitWords = (plan: Auth0Plan, of: QuotaClass): string => {
  const { perSecond, burst } = limitOf(plan, of)
  const rate = Number.isInteger(perSecond) ? `${perSecond} a second` : `${Math.round(perSecond * 60)} a minute`
  return `${rate}, ${burst} at once`
}

const limits = table(
  ['Plan', 'Reading users', 'Changing users', 'Deleting users', 'All else (jobs)', 'Users a second in two import jobs'],
  PLANS_BY_SPEED.map((plan) => {
    const { perSecond, grade } = importSpeedOf(plan)
    const [first, ...rest] = CLASSES.map((of) => limitWords(plan, of))
    const isOne = limitOf(plan, 'users read').of === limitOf(plan, 'other').of
    const requests = isOne ? [`${first ?? ''}, whatever is asked`, '″', '″', '″'] : [first ?? '', ...rest]
    return [code(plan), ...requests, `about ${perSecond} (${grade})`]
  }),
)

const times = table(
  ['Plan', 'People', 'Migrating', 'Proving (`syn2op verify`)', 'Taking back (`syn2op rollback`)'],
  forecastTable(SHARE).map(({ plan, accounts, migrate, verify, rollback }) => [
    code(plan),
    formatInteger(accounts),
    ...[migrate, verify, rollback].map((seconds) => formatDuration(seconds * 1000)),
  ]),
)

const { burst, perSecond } = limitOf('essentials', 'users read')
const PROVED = 10_000
const proving = (aMinute: number): string => formatDuration((PROVED / ((aMinute / 60) * SHARE)) * 1000)

/** What the other of two readings would mean. */
const fixedWindows =
  `Auth0’s pages contradict each other on how requests come back. The rate limit policy has them come back steadily, and so it is ` +
  `reckoned here. “Rate Limit Use Cases” has them come back all at once, at the end of each second or minute, and never more of ` +
  `them than the burst. For limits by the minute (\`essentials\`, \`professional\`) that would mean ${burst} reads of users a minute ` +
  `instead of ${Math.round(perSecond * 60)}: proving ${formatInteger(PROVED)} people would take ${proving(burst)} instead of ` +
  `${proving(perSecond * 60)}. syn2op keeps to what the answers say is left, whichever it is; only what it foretells would be wrong. ` +
  'The first minutes of `syn2op verify` show which it is.'

/** docs/reference/auth0-limits.md, from the limits by which requests are paced and a run is foretold. */
export const auth0LimitsPage = (): string =>
  [
    pageHead('Limits of Auth0'),
    'How long a migration to Auth0 takes follows from what the plan of the tenant allows, not from the machine that syn2op ' +
      'runs on. `plan` in auth0.yaml names it; syn2op paces its requests by it, and `syn2op plan` foretells by it.',
    '## What a plan allows',
    `The limits of requests are those that Auth0 documents (rate limit policy, August 2026). Auth0 publishes no speed of imports. ` +
      'It is told in a *support article* for the tier for large imports; the speed of a free tenant was *seen by others*: a ' +
      'public script tells that 2,000 users take 8 to 9 minutes; the others are *inferred* from that article’s ratios. None of ' +
      'them was measured by us: see one job of yours before you rely on it.',
    limits,
    '## How long it takes',
    `For a tenant that has nobody yet, ${formatInteger(USUAL_BYTES)} bytes a user, and ${SHARE * 100} % of what the tenant ` +
      'allows (`rate: {share: 0.8}`); the rest is for its other applications. Migrating is importing, which nobody has to wait ' +
      'for: people log in at the old place all the while. A second run imports only who is new; whom it has to change takes a ' +
      'read and a write.',
    times,
    fixedWindows,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')
