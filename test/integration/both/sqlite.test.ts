import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { PlanOfTwo, RunOfTwo, VerifyOfTwo } from '../../../src/report/two-targets.ts'
import { type BothRoad, makeBothRoad } from '../../support/both/both-road.ts'
import { ending, runBuiltProgram } from '../../support/built-program.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../support/postgres.ts'
import { writeSqliteHomeserver } from '../../support/sqlite-homeserver.ts'

const missing = await whyNoKeycloak()
const postgres = testPostgres()

/** Puts the homeserver into a file, beside its configuration; nothing of it stays on PostgreSQL. */
const intoFile = async ({ synapse, folder }: BothRoad): Promise<void> => {
  const client = await postgres.superuser(synapse)
  await writeSqliteHomeserver(client, join(folder, 'homeserver.db')).finally(() => client.end())
  await postgres.execute('postgres', `DROP DATABASE ${synapse}`)
  const file = join(folder, 'homeserver.yaml')
  const yaml: unknown = parse(await readFile(file, 'utf8'))
  const database = { name: 'sqlite3', args: { database: 'homeserver.db' } }
  await writeFile(file, stringify({ ...Object(yaml), database }))
}

describe.skipIf(missing !== undefined)(
  `a SQLite homeserver, to Keycloak and MAS${missing === undefined ? '' : ` (${missing})`}`,
  { timeout: 300_000 },
  () => {
    let road: BothRoad

    beforeAll(async () => {
      const name = `both_lite_${randomBytes(3).toString('hex')}`
      road = await makeBothRoad(await sharedKeycloak(), postgres, { name, accounts: 10 })
      // Keycloak is asked about one person after the other.
      await postgres.execute(road.synapse, `DELETE FROM users WHERE md5(name) > '6'`)
      await intoFile(road)
    }, 300_000)
    afterAll(() => road?.remove())

    const ran = async (command: string, ...more: readonly string[]) => {
      const end = await runBuiltProgram([...command.split(' '), ...more], { folder: road.folder })
      expect(ending(end, 0)).toBe('exit 0')
      return end
    }
    const done = async <Result>(command: string, ...more: readonly string[]) => {
      const { stdout, stderr } = await ran(command, '--json', ...road.flags, ...more)
      // Both are filled from the same copy of the file.
      expect(stderr.match(/^Staged /gmu)).toHaveLength(1)
      return JSON.parse(stdout) as Result
    }

    it('is planned for both', async () => {
      const { plans, links } = await done<PlanOfTwo>('plan', '--no-forecast', road.asOf)
      const location = `SQLite ${join(road.folder, 'homeserver.db')} (staged)`
      expect(plans.map(({ source }) => source.location)).toEqual([location, location])
      expect(links?.accounts).toBeGreaterThan(20)
    })

    it('is moved, linked and proved, and taken back', async () => {
      const { runs, links, next } = await done<RunOfTwo>('migrate', '--yes', road.asOf)
      expect(runs.map(({ target }) => target.product)).toEqual(['Keycloak', 'MAS'])
      const people = await road.people()
      expect(people.length).toBeGreaterThan(20)
      expect(people.some(({ credentials }) => Array.isArray(credentials) && credentials.length > 0)).toBe(true)
      expect(links?.links?.written).toBe(people.length)
      expect(await road.countInMas('upstream_oauth_links')).toBe(people.length)
      expect(await road.countInMas('compat_sessions')).toBeGreaterThan(5)

      const { verifications, links: proved } = await done<VerifyOfTwo>('verify', road.asOf)
      const wrong = verifications.flatMap(({ tables }) =>
        tables.filter((one) => one.missing + one.extra + one.differing > 0),
      )
      expect(wrong).toEqual([])
      expect(proved?.links).toMatchObject({ write: 0, there: people.length })

      const files = road.flags.filter((flag) => !flag.startsWith('--target='))
      for (const line of next.at(-1)?.commands ?? []) {
        const linked = line.includes(' link ') ? [`--link-config=${road.masFile}`] : []
        await ran(line.replace('syn2op ', ''), ...files, ...linked, '--yes')
      }
      expect(await road.people()).toEqual([])
      expect(await road.countInMas('users')).toBe(0)
      expect(await road.countInMas('upstream_oauth_links')).toBe(0)
    })
  },
)
