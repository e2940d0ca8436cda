import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Syn2opError } from '../../src/errors/syn2op-error.ts'
import { FINDINGS } from '../../src/findings/catalogue.ts'
import { check } from '../../src/migration/check.ts'
import type { MigrationRequest } from '../../src/migration/request.ts'
import { verify } from '../../src/migration/verify.ts'
import { run } from '../../src/postgres/statement.ts'
import { NEWEST_SYNAPSE, type SynapseTable } from '../../src/rehearsal/demo/catalogue.ts'
import { DEMO_DAMAGES } from '../../src/rehearsal/demo/damage/damages.ts'
import { type DemoRow, insertRows, namesOn } from '../../src/rehearsal/demo/rows.ts'
import type { MasConfig } from '../../src/targets/mas/config/mas-config.ts'
import { openMas } from '../../src/targets/mas/mas-target.ts'
import { DISTURBANCES, OWNER, READER } from '../support/check-property/disturbances.ts'
import { emptySourceRecord } from '../support/expected-rows.ts'
import { CHECK_CASES as CASES, SEED } from '../support/generated/cases.ts'
import { homeserver } from '../support/generated/homeserver.ts'
import { mappingSpec } from '../support/generated/specs.ts'
import { AS_OF, SERVER } from '../support/generated/values.ts'
import { openWorkbench, PROVIDERS, type Workbench } from '../support/generated/workbench.ts'
import { masProvider } from '../support/migration/requests.ts'
import { migrated, wrongTables } from '../support/migration/run.ts'
import { testPostgres } from '../support/postgres.ts'
import { soundConfig } from '../support/sound-mas.ts'
import { readTargetState } from '../support/target-state.ts'

const postgres = testPostgres()

/** Every warning, those of the moment too. */
const ACCEPTED = [
  'all-warnings',
  ...Object.entries(FINDINGS).flatMap(([code, { kind }]) => (kind === 'operational' ? [code] : [])),
]

const course = fc.record({
  people: fc.oneof(homeserver, fc.subarray([...DEMO_DAMAGES], { minLength: 1, maxLength: 12 })),
  mapping: mappingSpec,
  disturbed: fc
    .tuple(
      ...Object.values(DISTURBANCES).map((some) =>
        fc.oneof(
          { weight: 2, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.record({ by: fc.constantFrom(...some), n: fc.nat(99) }) },
        ),
      ),
    )
    .map((each) => each.filter((one) => one !== undefined)),
})

type Course = typeof course extends fc.Arbitrary<infer One> ? One : never

/** What check says, or why it could say nothing. */
const looked = async (request: MigrationRequest): Promise<readonly string[]> => {
  try {
    const { findings } = await check(request)
    return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  } catch (error) {
    if (error instanceof Syn2opError && error.code !== 'internal') return [error.code]
    throw error
  }
}

describe(`${CASES} homeservers of any kind at ends that somebody has disturbed`, () => {
  let bench: Workbench
  let source: Client
  let target: Client
  const met = { passed: 0, refused: new Set<string>() }

  const fill = async (people: Course['people']): Promise<void> => {
    if ('users' in people) return bench.fill(people)
    await bench.fill(emptySourceRecord.tables)
    const rows = people.map((damage) => damage.rows?.({ serverName: SERVER, at: namesOn(SERVER) }) ?? {})
    let token = 0
    const tables: readonly SynapseTable[] = [
      'users',
      'user_threepids',
      'user_external_ids',
      'devices',
      'refresh_tokens',
      'access_tokens',
    ]
    for (const table of tables) {
      const more = rows.flatMap((one) => one[table] ?? [])
      const numbered = table === 'access_tokens' ? more.map((row): DemoRow => ({ id: ++token, ...row })) : more
      const statement = insertRows(NEWEST_SYNAPSE, table, numbered)
      if (statement !== undefined) await run(source, statement)
    }
  }

  const requestOf = ({ mapping, disturbed }: Course): MigrationRequest => {
    const { accept, homeserver: known, ...request } = bench.request({ mapping, asOf: AS_OF })
    const { synapse, mas } = bench.ends
    const sound: MasConfig = {
      ...soundConfig,
      database: { ...mas, user: OWNER, password: OWNER },
      homeserver: SERVER,
      providers: PROVIDERS.map(masProvider),
    }
    const config = disturbed.reduce((before, { by, n }) => by.config?.(before, n) ?? before, sound)
    return {
      ...request,
      homeserver: known,
      source: { ...synapse, user: READER, password: READER },
      openTarget: (signal) =>
        openMas({ config, pepper: known.pepper, conflicts: request.mapping.conflicts, writers: 3, signal }),
      accept: [...accept, ...ACCEPTED],
    }
  }

  /** Whoever has just left counts against the limit of a role for a moment more. */
  const quiet = async (): Promise<void> => {
    for (const until = Date.now() + 30_000; ; await sleep(5)) {
      const { rows } = await target.query(
        `SELECT usename, application_name, state, query FROM pg_stat_activity WHERE usename IN ('${READER}', '${OWNER}')`,
      )
      if (rows.length === 0) return
      if (Date.now() > until) throw new Error(`somebody is still connected: ${JSON.stringify(rows)}`)
    }
  }

  const whileDisturbed = async ({ disturbed }: Course, work: () => Promise<void>): Promise<void> => {
    const undo: (() => Promise<unknown>)[] = []
    try {
      for (const { by, n } of disturbed) {
        const atSource = by.source?.(n)
        const atTarget = by.target?.(n, bench.ends.mas.database)
        if (atSource !== undefined) {
          await source.query(atSource[0])
          undo.unshift(() => source.query(atSource[1]))
        }
        if (atTarget !== undefined) {
          await target.query(atTarget[0])
          undo.unshift(() => target.query(atTarget[1]))
        }
      }
      await work()
    } finally {
      await quiet()
      for (const one of undo) await one()
    }
  }

  beforeAll(async () => {
    bench = await openWorkbench(postgres, 'property_check')
    source = await postgres.superuser(bench.ends.synapse.database)
    target = await postgres.superuser(bench.ends.mas.database)
    await target.query("SET application_name = 'psql'")
    for (const role of [READER, OWNER]) {
      await target.query(`DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD '${role}'`)
    }
    await source.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER}`)
    await target.query(`
      DO $$ DECLARE one regclass; BEGIN
        FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
          EXECUTE format('ALTER TABLE %s OWNER TO ${OWNER}', one);
        END LOOP;
      END $$;
      GRANT CREATE ON DATABASE ${bench.ends.mas.database} TO ${OWNER};
      GRANT CREATE ON SCHEMA public TO ${OWNER}`)
    console.log(`seed ${SEED} (SYN2OP_TEST_SEED)`)
  })
  afterAll(async () => {
    await source?.end()
    await target?.end()
    await bench?.close()
    for (const end of [bench?.ends.synapse, bench?.ends.mas]) {
      if (end !== undefined) await postgres.execute('postgres', `DROP DATABASE IF EXISTS ${end.database} WITH (FORCE)`)
    }
    await postgres.execute('postgres', `DROP ROLE IF EXISTS ${READER}`, `DROP ROLE IF EXISTS ${OWNER}`)
  })

  test('where check finds no error migrate ends well, and where it finds one nothing is written', {
    timeout: CASES * 20_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(course, async (one) => {
        await bench.emptyMas()
        await fill(one.people)
        const request = requestOf(one)
        await whileDisturbed(one, async () => {
          const errors = await looked(request)
          await quiet()
          const before = await readTargetState(postgres, bench.ends.mas.database)
          if (errors.length > 0) {
            for (const code of errors) met.refused.add(code)
            await expect(migrated(request)).rejects.toMatchObject({
              code: errors.length === 1 && errors[0]?.includes('.') ? errors[0] : 'check.errors',
            })
            expect(await readTargetState(postgres, bench.ends.mas.database)).toEqual(before)
            return
          }
          met.passed++
          const { outcomes = [] } = await migrated(request)
          expect(outcomes.filter(({ outcome }) => outcome === 'rejected' || outcome === 'not attempted')).toEqual([])
          await quiet()
          expect(wrongTables(await verify(request))).toEqual([])
        })
      }),
      { numRuns: CASES, seed: SEED, endOnFailure: true },
    )
  })

  test('both happened', () => {
    expect(met.passed).toBeGreaterThan(1)
    expect(met.refused.size).toBeGreaterThan(1)
  })
})
