import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoConfigs, writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { insertDemoProviders } from '../../../src/rehearsal/demo/providers.ts'
import { masDdl } from '../../../src/targets/mas/database/schema.ts'
import { runBuiltProgram } from '../built-program.ts'
import { AS_OF } from '../demo-road.ts'
import { createDemoHomeserver } from '../migration/demo-homeserver.ts'
import { type OwnPostgres, startTestPostgres } from '../postgres.ts'
import { readTargetState } from '../target-state.ts'
import { openUnsteadyNetwork } from '../unsteady-network.ts'
import type { FaultRoad, FaultySide } from './fault-road.ts'
import { hasUnfinishedRun, readJournalState } from './journal-state.ts'

/** Each with what MAS holds before it, and the phases in which it writes. */
const ROADS = {
  'load': { from: 'empty', asks: ['migrate'], phases: ['copy', 'build', 'finish', 'record'] },
  'first copy': { from: 'empty', asks: ['migrate', '--online'], phases: ['copy', 'build', 'finish', 'prove'] },
  'first cohort': { from: 'empty', asks: ['migrate', '--cohort=pilot'], phases: ['begin', 'find changes', 'write'] },
  'later cohort': { from: 'pilot', asks: ['migrate', '--cohort=rest'], phases: ['begin', 'find changes', 'write'] },
  'online run': { from: 'copied', asks: ['migrate', '--online'], phases: ['begin', 'find changes', 'write'] },
  'final run': {
    from: 'copied',
    asks: ['migrate', '--final'],
    phases: ['begin', 'find changes', 'write', 'prove', 'finish'],
  },
  'merge': { from: 'people', asks: ['migrate'], phases: ['begin', 'find changes', 'write'] },
  'later merge': { from: 'merged', asks: ['migrate'], phases: ['begin', 'find changes', 'write'] },
  'rollback of a merge': { from: 'merged', asks: ['rollback', 'last'], phases: ['accounts'] },
  'rollback of a final run': { from: 'final', asks: ['rollback', 'last'], phases: ['empty'] },
} as const satisfies Record<
  string,
  { readonly from: string; readonly asks: readonly string[]; readonly phases: readonly string[] }
>

export type MasRoadName = keyof typeof ROADS

/** What MAS holds before a run, and the run that leaves it so. */
const STAGES = [
  { name: 'copied', from: 'empty', asks: ['migrate', '--online'] },
  { name: 'pilot', from: 'empty', asks: ['migrate', '--cohort=pilot'] },
  { name: 'merged', from: 'people', asks: ['migrate'] },
  { name: 'final', from: 'copied', asks: ['migrate', '--final'] },
] as const

const COHORTS = 'cohorts:\n  - name: pilot\n    match: { percent: 60 }\n'

/** People whom MAS has had before. */
const PEOPLE = `
  INSERT INTO users (user_id, username, created_at)
  SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'native' || n, '2026-01-01Z' FROM generate_series(1, 20) n`

/** Every account has something new, some are gone, some have come, and some have lost what they had. */
const CHANGES = [
  `UPDATE devices SET display_name = 'renamed ' || device_id WHERE NOT hidden`,
  `UPDATE users SET admin = 1 - admin WHERE creation_ts % 7 = 0`,
  `DELETE FROM access_tokens WHERE id % 9 = 0`,
  `DELETE FROM user_threepids WHERE added_at % 5 = 0`,
  `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
   SELECT '@late' || n || ':demo.example', '$2b$12$0123456789012345678901uWQbLwZG1rcGiPdcgBCPzfnMZOvRVLq', 1700000000, 0, 0, 0
   FROM generate_series(1, 30) n`,
]

/** An index that the second run makes at a copy aside, be it that the first one died; it goes as the copy goes to its place. */
const HELPER_ASIDE = /^CREATE INDEX syn2op_upgraded_from ON syn2op_loading\./

const SYNAPSE = 'faults_synapse'
const MAS = 'faults_mas'
const template = (name: string): string => `faults_mas_${name}`

export interface MasRoads {
  readonly source: FaultySide
  readonly target: FaultySide
  /** Of all runs. */
  readonly flags: readonly string[]
  readonly road: (name: MasRoadName) => FaultRoad
  close(): Promise<void>
}

const makeEmptyMas = async (postgres: OwnPostgres): Promise<void> => {
  await postgres.createDatabase(template('empty'), { encoding: 'UTF8' })
  const client = await postgres.superuser(template('empty'))
  try {
    for (const statement of masDdl()) await client.query(statement)
    await insertDemoProviders(client)
  } finally {
    await client.end()
  }
}

const openSide = async (database: string): Promise<FaultySide> => {
  const postgres = await startTestPostgres({ configuration: { deadlock_timeout: '3s' } })
  return { postgres, database, network: await openUnsteadyNetwork(postgres.port) }
}

const settingsOf = ({ postgres, database, network }: FaultySide) => ({
  ...postgres.settings(database),
  port: network.port,
})

/** What every run is told. Warnings of a demo are known, and tests look at it from outside. */
const flagsOf = (files: DemoConfigs, mapping: string): readonly string[] => [
  '--yes',
  `--synapse-config=${files.homeserver}`,
  `--target-config=${files.mas}`,
  `--mapping=${mapping}`,
  `--as-of=${AS_OF}`,
  '--concurrency=3',
  '--accept=all-warnings',
  '--accept=SYNAPSE_BACKGROUND_UPDATES',
  '--accept=NO_BACKUP',
  '--accept=SYNAPSE_RUNNING',
]

/**
 * A demo homeserver on one server, a MAS on another, both reached over networks that can be disturbed, and all kinds of
 * runs between them.
 */
export const makeMasRoads = async ({ accounts }: { readonly accounts: number }): Promise<MasRoads> => {
  const [source, target] = await Promise.all([openSide(SYNAPSE), openSide(MAS)])
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-faults-'))
  const runs = join(folder, 'syn2op-runs')
  const close = async (): Promise<void> => {
    await Promise.all([source.network.close(), target.network.close()])
    await Promise.all([source.postgres.stop(), target.postgres.stop()])
    await rm(folder, { recursive: true, force: true })
  }
  const startFrom = async (name: string): Promise<void> => {
    await target.postgres.createDatabase(MAS, { template: template(name) })
    await rm(runs, { recursive: true, force: true })
  }
  try {
    await createDemoHomeserver(source.postgres, SYNAPSE, { accounts })
    await makeEmptyMas(target.postgres)
    await target.postgres.createDatabase(template('people'), { template: template('empty') })
    await target.postgres.execute(template('people'), PEOPLE)
    const files = await writeDemoConfigs(folder, { synapse: settingsOf(source), mas: settingsOf(target) })
    const mapping = join(folder, 'stages.yaml')
    await writeFile(mapping, COHORTS)
    const flags = flagsOf(files, mapping)
    for (const { name, from, asks } of STAGES) {
      await startFrom(from)
      const { code, stderr } = await runBuiltProgram([...asks, ...flags], { folder })
      if (code !== 0) throw new Error(`The stage ${name} ended with ${code}: ${stderr}`)
      await target.postgres.createDatabase(template(name), { template: MAS })
    }
    await source.postgres.execute(SYNAPSE, ...CHANGES)
    const state = async () => {
      const found = await readTargetState(target.postgres, MAS)
      return {
        ...found,
        definitions: found.definitions.filter((one) => !HELPER_ASIDE.test(one)),
        journal: await readJournalState(target.postgres, MAS),
      }
    }
    const road = (name: MasRoadName): FaultRoad => {
      const { from, asks, phases } = ROADS[name]
      const command = [...asks, ...flags.filter((flag) => asks[0] !== 'rollback' || !flag.startsWith('--concurrency'))]
      // A rollback is gone on with by its own name.
      const isUnfinished = async () => asks[0] === 'migrate' && (await hasUnfinishedRun(target.postgres, MAS))
      return { name, command, phases, folder, runs, source, target, state, isUnfinished, reset: () => startFrom(from) }
    }
    return { source, target, flags, road, close }
  } catch (error) {
    await close()
    throw error
  }
}
