import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { NEWEST_SYNAPSE } from '../../../src/rehearsal/demo/catalogue.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { synapseDdl } from '../../../src/rehearsal/demo/ddl.ts'
import { fillDemoHomeserver } from '../../../src/rehearsal/demo/fill.ts'
import type { RivalComparison } from '../../support/mas/compare-with-rival.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { migrateBothWays, type Way } from '../../support/mas/migrate-both-ways.ts'
import { type Night, prepareNight } from '../../support/mas/night.ts'
import { testPostgres } from '../../support/postgres.ts'
import { whyNoSynapse } from '../../support/synapse/install.ts'
import { STORY_SERVER_NAME } from '../../support/synapse/real-synapse.ts'

const found = findMas()
const reason = typeof found === 'string' ? ` (${found})` : ''

const show = ({ rows, meant }: RivalComparison): void => console.log(JSON.stringify({ rows, meant }, null, 2))

describe.skipIf(reason !== '')(
  `[mas-cli] the rows of MAS's own importer, and ours, of a made-up homeserver${reason}`,
  () => {
    const SOURCE = 'rival_rows_synapse'
    let comparison: RivalComparison
    let folder: string

    beforeAll(async () => {
      const postgres = testPostgres()
      folder = await mkdtemp(join(tmpdir(), 'syn2op-rival-'))
      const synapse = await postgres.createDatabase(SOURCE, { encoding: 'UTF8' })
      await postgres.execute(SOURCE, ...synapseDdl(NEWEST_SYNAPSE))
      const client = await postgres.superuser(SOURCE)
      await fillDemoHomeserver(client, { accounts: 5000, damage: 'none', version: NEWEST_SYNAPSE })
      await client.end()
      const way = async (database: string): Promise<Way> => {
        const mas = await postgres.createDatabase(database)
        return { ...(await writeDemoConfigs(join(folder, database), { synapse, mas })), database }
      }
      comparison = await migrateBothWays(requireMas(found), postgres, {
        serverName: DEMO.serverName,
        source: SOURCE,
        ours: await way('rival_rows_ours'),
        theirs: await way('rival_rows_theirs'),
      })
      show(comparison)
    })
    afterAll(() => folder && rm(folder, { recursive: true }))

    test('are equal in every column, but for what is meant to differ', () => {
      expect(comparison.unexplained).toEqual([])
    })

    test('are of every table', () => {
      for (const count of Object.values(comparison.rows)) expect(count).toBeGreaterThan(100)
    })
  },
)

const missing = typeof found === 'string' ? found : await whyNoSynapse()

describe.skipIf(missing)(`[mas-cli] the rows of both, of a real Synapse${missing ? ` (${missing})` : ''}`, () => {
  const SOURCE = 'rival_story_synapse'
  const DATABASES = { synapse: SOURCE, mas: 'rival_story_ours', delegating: 'rival_story_delegating' }
  const THEIRS = 'rival_story_theirs'
  let night: Night
  let comparison: RivalComparison

  /** A configuration with changes, beside the original. */
  const changed = async (file: string, change: (settings: Record<string, unknown>) => Record<string, unknown>) => {
    const settings = parse(await readFile(file, 'utf8')) as Record<string, unknown>
    await writeFile(`${file}.theirs`, stringify({ ...settings, ...change(settings) }), { mode: 0o600 })
    return `${file}.theirs`
  }

  beforeAll(async () => {
    const postgres = testPostgres()
    night = await prepareNight(requireMas(found), postgres, DATABASES)
    // What the rival cannot take: a left-over delegation, and the token of a person's device named guest_device.
    await postgres.execute(
      SOURCE,
      "DELETE FROM user_external_ids WHERE auth_provider = 'oauth-delegated'",
      "DELETE FROM access_tokens WHERE device_id = 'guest_device'",
    )
    await postgres.createDatabase(THEIRS)
    const theirs = {
      homeserver: await changed(night.files.homeserver, () => ({ allow_guest_access: false })),
      mas: await changed(night.files.mas, ({ database }) => ({
        database: { ...(database as Record<string, unknown>), database: THEIRS },
      })),
      database: THEIRS,
    }
    comparison = await migrateBothWays(requireMas(found), postgres, {
      serverName: STORY_SERVER_NAME,
      source: SOURCE,
      ours: { ...night.files, database: DATABASES.mas },
      theirs,
      rivalFlags: ['--ignore-missing-auth-providers'],
    })
    show(comparison)
  })
  afterAll(() => night?.end())

  test('are equal in every column, but for what is meant to differ', () => {
    expect(comparison.unexplained).toEqual([])
  })
})
