import { sql } from 'kysely'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import type { ReasonCode } from '../../../src/accounts/reasons.ts'
import type { ConflictRules, Mapping } from '../../../src/mapping/mapping.ts'
import { run } from '../../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { type CatalogueRow, catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations } from '../../../src/synapse/relations.ts'
import { scopeRelations } from '../../../src/synapse/scope.ts'
import { openSnapshot } from '../../../src/synapse/snapshot.ts'
import type { AccountDecision, Batch } from '../../../src/targets/batch.ts'
import type { Changes, Outcome } from '../../../src/targets/changes.ts'
import type { MasConfig } from '../../../src/targets/mas/config/mas-config.ts'
import { createJournal, insertRun, type RunKind, setRunState } from '../../../src/targets/mas/load/journal.ts'
import { openMas } from '../../../src/targets/mas/mas-target.ts'
import type { Patience } from '../../../src/targets/target.ts'
import { createMasDatabase } from '../migration/mas-database.ts'
import { plainMapping } from '../migration/requests.ts'
import type { TestPostgres } from '../postgres.ts'
import { soundConfig, soundHomeserver } from '../sound-mas.ts'

/** The as-of time of every run: 2026-11-01T00:00:00Z. */
export const AS_OF = 1_793_491_200_000

export const PROVIDER = soundConfig.providers[0]!.uuid

export interface MergeOptions {
  readonly conflicts?: Partial<ConflictRules>
  readonly accounts?: Partial<Mapping['accounts']>
  readonly ghosts?: readonly string[]
  /** Accounts of the batch; all of the source where absent. Those that the source lacks are gone. */
  readonly only?: readonly string[]
  readonly kind?: RunKind
  /** Between plan and apply. */
  readonly meanwhile?: (changes: Changes) => Promise<void>
  readonly signal?: AbortSignal
  readonly enough?: NonNullable<Patience['enough']>
}

/** A small homeserver and a MAS, each in a database of its own, and merges of one into the other. */
export interface Stage {
  readonly synapseDatabase: string
  readonly masDatabase: string
  inSynapse(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>
  inMas(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>
  plan(options?: MergeOptions): Promise<Changes>
  merge(options?: MergeOptions): Promise<readonly Outcome[]>
}

interface Scenery {
  readonly serverName: string
  readonly providers: MasConfig['providers']
  /** Who lives in the Synapse database, whose tables are there. */
  people(postgres: TestPostgres, database: string): Promise<unknown>
}

const EMPTY: Scenery = {
  serverName: soundHomeserver.serverName,
  providers: soundConfig.providers,
  people: (postgres, database) => postgres.execute(database, ...synapseDdl(NEWEST_SYNAPSE)),
}

export const setStage = async (postgres: TestPostgres, name: string, scenery = EMPTY): Promise<Stage> => {
  const { serverName, providers } = scenery
  const [synapseDatabase, masDatabase] = [`${name}_synapse`, `${name}_mas`]
  const source = await postgres.createDatabase(synapseDatabase, { encoding: 'UTF8' })
  await scenery.people(postgres, synapseDatabase)
  const mas = await createMasDatabase(
    postgres,
    masDatabase,
    providers.map(({ uuid }) => uuid),
  )

  const withBatch = async <Result>(
    { conflicts, accounts, ghosts = [], only, signal = new AbortController().signal }: MergeOptions,
    work: (target: Awaited<ReturnType<typeof openMas>>, batch: Batch) => Promise<Result>,
  ): Promise<Result> => {
    const snapshot = await openSnapshot(source, { count: 1, applicationName: 'syn2op test', signal })
    const target = await openMas({
      config: { ...soundConfig, homeserver: serverName, providers, database: mas },
      pepper: soundHomeserver.pepper,
      conflicts: { ...plainMapping.conflicts, ...conflicts },
      writers: 2,
      signal,
    })
    try {
      const [reader] = snapshot.readers
      if (reader === undefined) throw new Error('no reader')
      const rules: DecisionRules = {
        serverName,
        asOf: AS_OF,
        accounts: { ...plainMapping.accounts, ...accounts },
        ghosts,
        providers: providers.map(({ uuid, synapseIdpId }) => ({
          authProvider: synapseIdpId ?? '',
          target: { id: uuid },
        })),
      }
      const relations = buildRelations(toSourceCatalogue(await run<CatalogueRow>(reader, catalogueQuery)))
      const everybody = await run<{ mxid: string; reason: ReasonCode | null }>(
        reader,
        sql`WITH ${decisions(relations, rules)} SELECT mxid, reason FROM account WHERE mxid IS NOT NULL ORDER BY mxid COLLATE "C"`,
      )
      const decided = new Map(everybody.map(({ mxid, reason }) => [mxid, reason]))
      const chosen = (only ?? [...decided.keys()]).map((mxid): AccountDecision => {
        const reason = decided.get(mxid)
        if (reason === undefined) return { mxid, decision: 'gone' }
        return reason === null ? { mxid, decision: 'migrate' } : { mxid, decision: 'hold back', reason }
      })
      const scoped = await scopeRelations({
        relations,
        rules,
        readers: snapshot.readers,
        accounts: chosen.map((account) => account.mxid),
      })
      return await work(target, {
        ordinal: 0,
        accounts: chosen,
        read: async () => [],
        source: { decisions: decisions(scoped, rules), readers: snapshot.readers },
      })
    } finally {
      await target.close()
      await snapshot.close()
    }
  }

  let runs = 0
  return {
    synapseDatabase,
    masDatabase,
    inSynapse: (...statements) => postgres.execute(synapseDatabase, ...statements),
    inMas: (...statements) => postgres.execute(masDatabase, ...statements),
    plan: (options = {}) =>
      withBatch(options, async (target, batch) => {
        const changes = await target.plan(batch, { signal: new AbortController().signal })
        await changes.discard()
        return changes
      }),
    merge: (options = {}) =>
      withBatch(options, async (target, batch) => {
        const identity = {
          runId: `run-${++runs}`,
          asOf: AS_OF,
          serverName,
          mappingSha256: plainMapping.sha256,
        }
        const signal = options.signal ?? new AbortController().signal
        const journal = await postgres.superuser(masDatabase)
        try {
          // Making what is there already would wait for batches under way.
          const { rows } = await journal.query(`SELECT to_regclass('syn2op.run') IS NULL AS missing`)
          if (rows[0]?.missing === true) await createJournal(journal)
          await insertRun(journal, {
            ...identity,
            kind: options.kind ?? 'merge',
            state: 'open',
            identifierMethod: 'fast',
            seedFingerprint: 'test',
            homeSchema: 'public',
            masMigrations: [],
          })
          const changes = await target.plan(batch, { signal })
          await options.meanwhile?.(changes)
          const outcomes = await target.apply(changes, {
            ...identity,
            signal,
            ...(options.enough === undefined ? {} : { enough: options.enough }),
          })
          await setRunState(journal, identity.runId, 'done')
          return outcomes
        } finally {
          await journal.end()
        }
      }),
  }
}
