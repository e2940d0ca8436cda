import { sql } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../accounts/decisions/decisions.ts'
import { requireCohort } from '../mapping/cohorts.ts'
import { requireKnownProviders } from '../mapping/provider-rules.ts'
import { requireFollowed } from '../mapping/require-followed.ts'
import { membershipOf } from '../migration/membership.ts'
import { type OpenSource, withSource } from '../migration/open-source.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { withTarget } from '../migration/runs/ask-database.ts'
import { frozenByRuns, type KnownRuns, knownRuns } from '../migration/slow-road/known-runs.ts'
import { EVERYBODY, type LookedAt, lookedAt } from '../migration/slow-road/looked-at.ts'
import { eachPage } from '../postgres/cursor.ts'
import type { Relations } from '../synapse/relations.ts'

/** Rows that are in memory at a time. */
const PAGE = 5000

export interface NamedAccount {
  readonly mxid: string
  readonly localpart: string
}

/** The accounts that are to be linked. */
export interface Linked {
  readonly accounts: readonly NamedAccount[]
  /** Those that migrate by the rules, and that no run has brought to Keycloak. */
  readonly notThere: readonly string[]
  /** By which the realm says it is known: its issuers. */
  readonly issuers: readonly string[]
}

export interface LinkedOptions {
  /** Whether also those are linked that no run has brought to Keycloak. */
  readonly whom: 'migrated' | 'everybody'
  /** More to be asked of the source while it is open. */
  readonly look?: (reader: Client) => Promise<void>
}

/**
 * Who is to be linked: whoever migrates to Keycloak by the rules and, as the folder of the runs knows, is there.
 * @throws Syn2opError mapping.invalid, run.other-cohorts, usage for a cohort that nobody knows; those of the ends.
 */
export const whoIsLinked = (request: MigrationRequest, { whom, look }: LinkedOptions): Promise<Linked> =>
  withTarget(request, async (target) => {
    requireKnownProviders(target.providers, request.mapping)
    requireFollowed(request.mapping, target)
    const { location } = await target.describe()
    const issuers = ((await target.identity?.()) ?? []).filter((name) => /^https?:\/\//u.test(name))
    return withSource(request, target, async (source) => {
      await look?.(source.reader)
      const { serverName } = request.homeserver
      const known = await knownRuns(request, { target, head: { serverName, target: { location } } })
      const part = partOf(request, source.relations, known)
      const accounts: NamedAccount[] = []
      const notThere: string[] = []
      for await (const page of migrating(source, part)) {
        for (const { mxid, localpart, cohort } of page) {
          if (!part.isLookedAt(cohort, mxid)) continue
          const isThere = known.left.has(mxid)
          if (!isThere) notThere.push(mxid)
          if (isThere || whom === 'everybody') accounts.push({ mxid, localpart })
        }
      }
      return { accounts, notThere, issuers }
    })
  })

/** Of the cohort that is asked for, as the runs have frozen it. */
const partOf = (
  { mapping, cohort }: Pick<MigrationRequest, 'mapping' | 'cohort'>,
  relations: Relations,
  known: KnownRuns,
): LookedAt => {
  if (cohort === undefined) return EVERYBODY
  const frozen = frozenByRuns(known)
  const membership = membershipOf({ mapping, relations, inFiles: frozen })
  requireCohort(cohort, membership?.names ?? [], mapping)
  return membership?.at === 'source' ? lookedAt(membership, [cohort], frozen) : EVERYBODY
}

interface MigratingAccount extends NamedAccount {
  readonly cohort: number | null
}

const migrating = (
  { reader, relations, rules }: OpenSource,
  { members }: LookedAt,
): AsyncGenerator<readonly MigratingAccount[]> =>
  eachPage({
    client: reader,
    name: 'syn2op_linked',
    size: PAGE,
    query: sql<MigratingAccount>`
      WITH ${decisions(relations, rules)}
      SELECT a.mxid, a.localpart, ${members === undefined ? sql`NULL::smallint` : sql`m.cohort`} AS cohort
      FROM account a
      ${members === undefined ? sql`` : sql`LEFT JOIN (${members}) m ON m.mxid = a.mxid`}
      WHERE a.reason IS NULL AND a.mxid IS NOT NULL
      ORDER BY a.mxid COLLATE "C"`,
  })
