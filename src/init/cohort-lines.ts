import { formatCount, formatInteger } from '../terminal/numbers.ts'
import { ACTIVE_DAYS, type InitFacts, type NamedCount, type SourceFacts } from './facts.ts'
import { comment, suggestion } from './yaml-text.ts'

const DAY_MS = 86_400_000

/** Cohorts to begin with, all behind #, with what each would hold here if it stood alone. */
export const cohortLines = ({ source, asOf }: InitFacts): readonly string[] => {
  const since = new Date(asOf - ACTIVE_DAYS * DAY_MS).toISOString().slice(0, 10)
  const cohort = (name: string, match: string, holds = ''): readonly string[] => [
    suggestion(`- name: ${name}`),
    suggestion(`  match: { ${match} }${source === undefined || holds === '' ? '' : ` # ${holds}`}`),
  ]
  return [
    comment(
      'Cohorts, where people are to move one part after the other (`syn2op migrate --cohort NAME`). An account is in the',
    ),
    comment(
      'first one that it matches; `rest` takes all others. pilot.txt has a Matrix id or a localpart in each line.',
    ),
    'cohorts:',
    ...cohort('pilot', 'list: pilot.txt'),
    ...(source?.emailDomains ?? [])
      .filter(isDomain)
      .flatMap(({ name, count }, index) =>
        cohort(`domain-${index + 1}`, `email_domains: [${JSON.stringify(name)}]`, of(count, source)),
      ),
    ...cohort('active', `last_seen: { after: ${since} }`, of(source?.active ?? 0, source)),
    ...cohort('quarter', 'percent: 25', `about ${formatInteger(Math.round((source?.people ?? 0) / 4))}`),
  ]
}

/** What stands behind an @ in a row may be anything. */
const isDomain = ({ name }: NamedCount): boolean => /^[a-z0-9.-]+$/u.test(name)

const of = (count: number, source: SourceFacts | undefined): string =>
  `${formatInteger(count)} of ${formatCount(source?.people ?? 0, 'person', 'people')}`
