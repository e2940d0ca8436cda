import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { RowsOf } from '../../accounts/decisions/cohort-tally.ts'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import type { Services, Subject } from '../../findings/counting.ts'
import { arePatterns } from '../../postgres/patterns.ts'
import { unreadRegistrations } from '../application-services.ts'
import type { SourceCatalogue } from '../catalogue.ts'
import type { HomeserverConfig } from '../homeserver.ts'
import { toPostgresPattern } from '../python-regex.ts'
import type { Relations } from '../relations.ts'

/** What is known of the source beside its rows. */
export interface AuditFacts {
  readonly catalogue: SourceCatalogue
  /** Tables that our role may not SELECT from. */
  readonly unreadable: readonly string[]
  /** Tables of which a policy hides rows from our role: a statement that names one fails, since it is not to be read in part. */
  readonly filtered: readonly string[]
  readonly homeserver: Pick<HomeserverConfig, 'applicationServices' | 'providers' | 'unreadable'>
}

export interface SubjectOptions extends AuditFacts {
  readonly relations: Relations
  readonly rules: DecisionRules
  readonly decisions: RawBuilder<unknown>
  readonly isCounted?: RowsOf
}

/** What the findings are counted of. A statement for each namespace asks PostgreSQL whether it understands it. */
export const auditSubject = async (reader: Client, options: SubjectOptions): Promise<Subject> => {
  const { catalogue, unreadable, filtered, homeserver, relations, rules, decisions } = options
  return {
    relations,
    rules,
    decisions,
    isCounted: options.isCounted ?? (() => sql`true`),
    services: await servicesOf(reader, homeserver),
    backchannelLogouts: homeserver.providers.flatMap(({ authProvider, backchannelLogout }) =>
      backchannelLogout === true ? [authProvider] : [],
    ),
    raw: (table, ...columns) => {
      const present = catalogue.tables.get(table)
      if (present === undefined || unreadable.includes(table) || filtered.includes(table)) return undefined
      return columns.every((column) => present.has(column)) ? sql.id(catalogue.schema, table) : undefined
    },
  }
}

const servicesOf = async (
  reader: Client,
  { applicationServices, unreadable }: AuditFacts['homeserver'],
): Promise<Services> => {
  const patterns = applicationServices
    .flatMap(({ users }) => users)
    .filter(({ exclusive }) => exclusive)
    .map(({ regex }) => toPostgresPattern(regex))
    // One that has no equal in PostgreSQL is left out, and its ghosts are found by their prefix.
    .filter((pattern) => typeof pattern === 'string')
  const namespaces: string[] = []
  for (const pattern of new Set(patterns)) {
    if (await arePatterns(reader, [pattern])) namespaces.push(pattern)
  }
  return {
    registered: applicationServices,
    others: unreadRegistrations({ unreadable }).length > 0 ? 'unknown' : 'none',
    namespaces,
  }
}
