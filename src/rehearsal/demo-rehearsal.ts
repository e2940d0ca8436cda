import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { loadMapping, starterMapping } from '../mapping/load-mapping.ts'
import { check } from '../migration/check.ts'
import { migrate } from '../migration/migrate.ts'
import { plan } from '../migration/plan.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { verify } from '../migration/verify.ts'
import { connect } from '../postgres/connect.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { RehearsalDocument } from '../report/documents.ts'
import { loadHomeserver } from '../synapse/load-homeserver.ts'
import { loadMasConfig } from '../targets/mas/config/load-mas-config.ts'
import { masDdl } from '../targets/mas/database/schema.ts'
import { openMas } from '../targets/mas/mas-target.ts'
import type { ProgressListener } from '../targets/progress.ts'
import { syn2opVersion } from '../version.ts'
import { NEWEST_SYNAPSE } from './demo/catalogue.ts'
import { writeDemoConfigs } from './demo/configs.ts'
import { DEMO } from './demo/constants.ts'
import { synapseDdl } from './demo/ddl.ts'
import { fillDemoHomeserver } from './demo/fill.ts'
import { insertDemoProviders } from './demo/providers.ts'
import { stepClock } from './step-clock.ts'
import { stepProgress } from './step-progress.ts'
import type { ThrowAwayPostgres } from './throw-away.ts'

export interface DemoRehearsal {
  readonly accounts: number
  readonly damage: 'all' | 'none'
  readonly start: () => Promise<ThrowAwayPostgres>
  readonly readers: number
  readonly progress: ProgressListener
  readonly signal: AbortSignal
  /** A file for the list of what will be different for people, and their names in it. */
  readonly lists?: Pick<MigrationRequest, 'predictions' | 'pseudonyms'>
}

/** Warnings about the moment that a demo always has; those about its data are accepted as a whole. */
const ACCEPTED = ['all-warnings', 'SYNAPSE_BACKGROUND_UPDATES']

/**
 * The whole night on databases that are thrown away: a made-up homeserver with every kind of account and damage we
 * know of, an empty MAS, then check, plan, migrate and verify by the code that does it for real.
 */
export const rehearseDemo = async (demo: DemoRehearsal): Promise<RehearsalDocument> => {
  const { progress, signal } = demo
  const clock = stepClock()
  const server = await clock.step('start databases', demo.start)
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-demo-'))
  try {
    progress.note(`Databases on ${server.backend}`)
    signal.throwIfAborted()
    const databases = { synapse: await server.createDatabase('synapse'), mas: await server.createDatabase('mas') }
    progress.note(`Making a homeserver of ${demo.accounts.toLocaleString('en-US')} accounts`)
    await clock.step('make a homeserver', () => makeHomeserver(databases.synapse, demo))
    await clock.step('make an empty MAS', () => makeMas(databases.mas, signal))
    const files = await writeDemoConfigs(folder, databases)
    const request = await demoRequest(files, demo)
    const during = (step: string): MigrationRequest => ({ ...request, progress: stepProgress(progress, step) })
    const checked = await clock.step('check', () => check(during('check')))
    signal.throwIfAborted()
    const planned = await clock.step('plan', () => plan(during('plan')))
    const run = await clock.step('migrate', () => migrate({ ...during('migrate'), confirm: async () => true }))
    if (run === undefined) throw new TypeError('a confirmed migration has a result')
    const { asOf: _, ...afterwards } = during('verify')
    const verified = await clock.step('verify', () => verify({ ...afterwards, ...demo.lists }))
    const equal = verified.tables.every(
      ({ missing, extra, differing, unopened }) => missing + extra + differing + (unopened ?? 0) === 0,
    )
    return {
      kind: 'rehearsal',
      format: 1,
      syn2op: syn2opVersion(),
      id: 'demo',
      people: { kind: 'demo', what: `made-up homeserver of ${demo.accounts.toLocaleString('en-US')} accounts` },
      services: [server.backend],
      verdict: equal && checked.findings.every(({ severity }) => severity !== 'error') ? 'passed' : 'failed',
      steps: clock.steps(),
      unproved: [],
      toAccept: [],
      plan: planned,
      run,
      verify: verified,
    }
  } catch (error) {
    throw signal.aborted
      ? new Syn2opError('run.interrupted', 'The rehearsal was stopped; its databases are gone', { cause: error })
      : error
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const makeHomeserver = async (
  settings: PostgresSettings,
  { accounts, damage, signal }: DemoRehearsal,
): Promise<void> => {
  const client = await connect(settings, { applicationName: 'syn2op demo', signal })
  try {
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await client.query(statement)
    await fillDemoHomeserver(client, { accounts, damage, version: NEWEST_SYNAPSE })
  } finally {
    await client.end()
  }
}

const makeMas = async (settings: PostgresSettings, signal: AbortSignal): Promise<void> => {
  const client = await connect(settings, { applicationName: 'syn2op demo', signal })
  try {
    for (const statement of masDdl()) await client.query(statement)
    await insertDemoProviders(client)
  } finally {
    await client.end()
  }
}

const demoRequest = async (
  files: { readonly homeserver: string; readonly mas: string },
  { readers, progress, signal }: DemoRehearsal,
): Promise<MigrationRequest> => {
  const homeserver = await loadHomeserver([files.homeserver])
  const config = await loadMasConfig([files.mas])
  if (homeserver.database === undefined) throw new TypeError('the demo is on PostgreSQL')
  const mapping = await loadMapping(starterMapping('mas'))
  const { pepper } = homeserver
  return {
    homeserver,
    source: homeserver.database,
    openTarget: () => openMas({ config, pepper, conflicts: mapping.conflicts, writers: readers + 2, signal }),
    mapping,
    asOf: DEMO.now,
    readers,
    accept: ACCEPTED,
    backup: 'not needed',
    progress,
    signal,
  }
}
