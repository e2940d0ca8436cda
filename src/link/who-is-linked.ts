import { sql } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../accounts/decisions/decisions.ts'
import { NAMELESS } from '../accounts/decisions/rules.ts'
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
import { reasonText } from '../report/words.ts'
import type { Relations } from '../synapse/relations.ts'
import { whyNotThere } from './why-not-there.ts'

/** Rows that are in memory at a time. */
const PAGE = 5000

export interface NamedAccount {
  readonly mxid: string
  readonly localpart: string
}

/** An account whose owner cannot log in at Keycloak. */
export interface ShutOut extends NamedAccount {
  /** In words; absent: no run has come to it. */
  readonly why?: string
}

/** The accounts that are to be linked. */
export interface Linked {
  readonly accounts: readonly NamedAccount[]
  /** Those that migrate by the rules, and that no run has brought to Keycloak. */
  readonly notThere: readonly string[]
  /** The same, and those who have no username at Keycloak; without guests and deactivated accounts, as which nobody logs in. */
  readonly shutOut: readonly ShutOut[]
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
      const shutOut: ShutOut[] = []
      const whys = whyNotThere(known.runs.map(({ file }) => file))
      for await (const page of migrating(source, part)) {
        for (const { mxid, localpart, cohort, reason, logsIn } of page) {
          if (!part.isLookedAt(cohort, mxid)) continue
          const isThere = known.left.has(mxid)
          const why = reason === null ? whys.get(mxid) : reasonText(reason)
          if (!isThere && logsIn) shutOut.push({ mxid, localpart, ...(why === undefined ? {} : { why }) })
          if (reason !== null) continue
          if (!isThere) notThere.push(mxid)
          if (isThere || whom === 'everybody') accounts.push({ mxid, localpart })
        }
      }
      return { accounts, notThere, shutOut, issuers }
    })
  })

/**
 * Those of whom it is known that they cannot log in at Keycloak: before anybody has moved by its decision and its plan, afterwards
 * whoever is not there.
 * @param refused whom Keycloak would not take by its plan, and why, in words.
 */
export const whoIsShutOut = (
  { shutOut, notThere }: Pick<Linked, 'shutOut' | 'notThere'>,
  { whom, refused }: Pick<LinkedOptions, 'whom'> & { readonly refused: ReadonlyMap<string, string> },
): readonly ShutOut[] => {
  if (whom === 'migrated') return shutOut
  const toMigrate = new Set(notThere)
  return shutOut.flatMap((account) => {
    if (!toMigrate.has(account.mxid)) return [account]
    const why = refused.get(account.mxid)
    return why === undefined ? [] : [{ ...account, why }]
  })
}

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
  /** Why there is no username for it at Keycloak; null: it migrates. */
  readonly reason: string | null
  /** Somebody may: it is no guest, and not deactivated. */
  readonly logsIn: boolean
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
      SELECT
        a.mxid, a.localpart, a.reason, NOT (a.is_guest OR a.is_deactivated) AS "logsIn",
        ${members === undefined ? sql`NULL::smallint` : sql`m.cohort`} AS cohort
      FROM account a
      ${members === undefined ? sql`` : sql`LEFT JOIN (${members}) m ON m.mxid = a.mxid`}
      WHERE (a.reason IS NULL OR a.reason = ANY (${[...NAMELESS]}::text[])) AND a.mxid IS NOT NULL
      ORDER BY a.mxid COLLATE "C"`,
  })
