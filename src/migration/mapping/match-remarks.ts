import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { cohortMembers } from '../../accounts/decisions/cohort.ts'
import type { NamelessAccount } from '../../accounts/decisions/rules.ts'
import { didYouMean } from '../../errors/did-you-mean.ts'
import type { Mapping, UsernameRules } from '../../mapping/mapping.ts'
import { run } from '../../postgres/statement.ts'
import { counted } from '../../report/counted.ts'
import type { MappingRemark } from '../../report/mapping-documents.ts'
import type { Relations } from '../../synapse/relations.ts'
import { namedRule } from './named-rule.ts'

interface MatchOptions {
  readonly mapping: Mapping
  readonly reader: Client
  readonly relations: Relations
  /** Those of the mapping, and after them those of registration files. */
  readonly ghosts: readonly string[]
  /** Who gets no username. */
  readonly nameless: readonly NamelessAccount[]
}

const SAMPLES = 3

/** Rules that match nobody, ghosts that look like people, and people without a username. */
export const matchRemarks = async (options: MatchOptions): Promise<readonly MappingRemark[]> => [
  ...(await ghostRemarks(options)),
  ...namelessRemarks(options),
  ...(await providerRemarks(options)),
  ...(await cohortRemarks(options)),
]

interface GhostCount {
  readonly matched: number
  readonly people: number
  readonly samples: readonly string[]
}

const ghostRemarks = async ({
  mapping,
  reader,
  relations,
  ghosts,
}: MatchOptions): Promise<readonly MappingRemark[]> => {
  const remarks: MappingRemark[] = []
  if (mapping.registrations !== undefined && ghosts.length === mapping.ghosts.length) {
    remarks.push({
      ...namedRule(mapping, 'registrations'),
      severity: 'warning',
      message: 'no registration file that homeserver.yaml names has such a namespace of users',
    })
  }
  for (const [position, pattern] of ghosts.entries()) {
    const isOwn = position < mapping.ghosts.length
    const rule = isOwn ? namedRule(mapping, 'ghosts', String(position)) : namedRule(mapping, 'registrations')
    const [found] = await run(reader, ghostCount(pattern, relations))
    if (found === undefined || found.matched === 0) {
      // A namespace that nobody lives in yet is no mistake in a registration.
      if (isOwn) remarks.push({ ...rule, severity: 'warning', message: `${pattern} matches no account` })
    } else if (found.people > 0) {
      remarks.push({
        ...rule,
        severity: 'warning',
        message: `of ${counted(found.matched, 'account', 'accounts')} that ${pattern} matches, ${counted(found.people, 'has a password or an SSO identity', 'have a password or an SSO identity')}, as people have; it is held back as a ghost all the same`,
        samples: found.samples,
      })
    }
  }
  return remarks
}

const ghostCount = (pattern: string, { users, externalIds }: Relations): RawBuilder<GhostCount> => sql`
  SELECT
    count(*)::double precision AS matched,
    count(*) FILTER (WHERE is_person)::double precision AS people,
    coalesce((array_agg(name ORDER BY name COLLATE "C") FILTER (WHERE is_person))[1:${sql.lit(SAMPLES)}], '{}') AS samples
  FROM (
    SELECT u.name, u.appservice_id IS NULL AND (
      coalesce(u.password_hash, '') <> '' OR u.name IN (SELECT e.user_id FROM ${externalIds} e)
    ) AS is_person
    FROM ${users} u
    WHERE u.name ~ ${sql.lit(pattern)}
  ) x
`

const NAMELESS: readonly {
  readonly reason: NamelessAccount['reason']
  readonly rule: keyof UsernameRules
  readonly message: (count: number) => string
}[] = [
  {
    reason: 'username_missing',
    rule: 'from',
    message: (count) =>
      `${counted(count, 'account gets', 'accounts get')} no username: not all values of any template are known`,
  },
  {
    reason: 'username_collision',
    rule: 'collision',
    message: (count) =>
      `${counted(count, 'account is', 'accounts are')} held back, since another account, which has it already or is older, gets the same username`,
  },
  {
    reason: 'username_refused',
    rule: 'from',
    message: (count) =>
      `${counted(count, 'account is', 'accounts are')} held back, since the target cannot have an account of such a username`,
  },
]

const namelessRemarks = ({ mapping, nameless }: MatchOptions): readonly MappingRemark[] =>
  NAMELESS.flatMap(({ reason, rule, message }): readonly MappingRemark[] => {
    const found = nameless.filter((one) => one.reason === reason)
    if (found.length === 0) return []
    return [
      {
        ...namedRule(mapping, 'usernames', rule),
        severity: 'warning',
        message: message(found.length),
        samples: found.slice(0, SAMPLES).map(({ mxid }) => mxid),
      },
    ]
  })

const providerRemarks = async ({ mapping, reader, relations }: MatchOptions): Promise<readonly MappingRemark[]> => {
  const named = Object.keys(mapping.providers)
  if (named.length === 0) return []
  const rows = await run<{ name: string }>(
    reader,
    sql`SELECT DISTINCT e.auth_provider AS name FROM ${relations.externalIds} e WHERE e.auth_provider IS NOT NULL`,
  )
  const known = rows.map(({ name }) => name)
  return named
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = didYouMean(name, known)
      return {
        ...namedRule(mapping, 'providers', name),
        severity: 'warning',
        message: `nobody has an identity of ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      }
    })
}

const cohortRemarks = async ({ mapping, reader, relations }: MatchOptions): Promise<readonly MappingRemark[]> => {
  const { cohorts } = mapping
  if (cohorts.length === 0) return []
  const rows = await run<{ cohort: number }>(
    reader,
    sql`SELECT DISTINCT cohort FROM (${cohortMembers(cohorts, relations)}) x`,
  )
  const inhabited = new Set(rows.map(({ cohort }) => cohort))
  return cohorts.flatMap(({ name }, position): readonly MappingRemark[] =>
    inhabited.has(position)
      ? []
      : [
          {
            ...namedRule(mapping, 'cohorts', String(position)),
            severity: 'warning',
            message: `nobody is in the cohort ${name}`,
          },
        ],
  )
}
