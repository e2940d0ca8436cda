import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { LinkDocument } from '../../src/report/link-document.ts'
import { ending, runBuiltProgram, startBuiltProgram } from '../support/built-program.ts'
import { type DemoRealm, makeDemoRealm } from '../support/keycloak/demo-realm.ts'
import { whyNoKeycloak } from '../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../support/keycloak/shared-server.ts'
import { createDemoHomeserver } from '../support/migration/demo-homeserver.ts'
import { testPostgres } from '../support/postgres.ts'

const missing = await whyNoKeycloak()
const postgres = testPostgres()
const NAME = `link_killed_${randomBytes(3).toString('hex')}`

/** run.not-possible */
const NOT_POSSIBLE = 64

/** The commit of whoever writes links waits for this lock. */
const GATE = 4711

const GATED_COMMIT = [
  `CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${GATE}); RETURN NULL; END $$`,
  `CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON user_external_ids DEFERRABLE INITIALLY DEFERRED
   FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate()`,
]

describe.skipIf(missing !== undefined)(
  `links whose writing ${missing === undefined ? 'is killed' : `is not tried (${missing})`}`,
  { timeout: 300_000 },
  () => {
    let folder: string
    let demo: DemoRealm
    /** Two sessions of the homeserver's database that do not pass for Synapse's: one holds locks, one looks. */
    let holder: Client
    let watcher: Client
    let all: number

    const typed = (...args: readonly string[]): readonly string[] => [
      'link',
      '--to=synapse',
      '--yes',
      '--json',
      ...args,
      ...demo.flags,
    ]

    const documentOf = async (...args: readonly string[]): Promise<LinkDocument> => {
      const run = await runBuiltProgram(typed(...args), { folder })
      expect(ending(run, 0)).toBe('exit 0')
      return JSON.parse(run.stdout)
    }
    const apply = (): Promise<LinkDocument> => documentOf('--apply', '--everybody')

    const links = async (): Promise<number> => {
      const [row] = await postgres.execute(
        NAME,
        `SELECT count(*)::integer AS n, count(DISTINCT user_id)::integer AS users
         FROM user_external_ids WHERE auth_provider = 'oidc-matrix'`,
      )
      expect(row?.['users']).toBe(row?.['n'])
      return Number(row?.['n'])
    }

    const session = async (): Promise<Client> => {
      const client = await postgres.superuser(NAME)
      await client.query(`SET application_name = 'syn2op test'`)
      return client
    }

    const waiting = async (): Promise<number | undefined> => {
      const { rows } = await watcher.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'syn2op link' AND wait_event_type = 'Lock'`,
      )
      return rows[0]?.pid
    }

    /** Kills the program where its session waits for a lock. The session goes on waiting: its server has not noticed. */
    const killedWhereItWaits = async (): Promise<number> => {
      const run = startBuiltProgram(typed('--apply', '--everybody'), { folder })
      let pid: number | undefined
      while (pid === undefined && !run.hasEnded()) {
        await sleep(20)
        pid = await waiting()
      }
      run.child.kill('SIGKILL')
      const { signal, stderr } = await run.ended
      if (pid === undefined) throw new Error(`It ended before it waited: ${stderr}`)
      expect(signal).toBe('SIGKILL')
      return pid
    }

    const untilEnded = async (pid: number): Promise<void> => {
      const isThere = async (): Promise<boolean> =>
        (await watcher.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rows.length > 0
      while (await isThere()) await sleep(20)
    }

    const endsEmpty = async (words: string): Promise<void> => {
      const undone = await runBuiltProgram(typed('--undo=last'), { folder })
      expect(ending(undone, NOT_POSSIBLE)).toBe(`exit ${NOT_POSSIBLE}`)
      expect(undone.stdout + undone.stderr).toContain(words)
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'syn2op-link-killed-'))
      const synapse = await createDemoHomeserver(postgres, NAME, { accounts: 60 })
      await postgres.execute(NAME, ...GATED_COMMIT)
      demo = await makeDemoRealm(await sharedKeycloak(), { folder, synapse })
      const file = join(folder, 'homeserver.yaml')
      const homeserver = parse(await readFile(file, 'utf8')) as { oidc_providers: object[] }
      const issuer = `${demo.realm.url}/realms/${demo.realm.name}`
      homeserver.oidc_providers.push({ idp_id: 'matrix', issuer, client_id: 'synapse' })
      await writeFile(file, stringify(homeserver))
      holder = await session()
      watcher = await session()
      all = (await documentOf('--everybody')).links?.write ?? 0
    }, 300_000)

    beforeEach(async () => {
      await postgres.execute(NAME, `DELETE FROM user_external_ids WHERE auth_provider = 'oidc-matrix'`)
    })

    afterAll(async () => {
      await holder?.end()
      await watcher?.end()
      await demo?.realm.remove()
      await rm(folder, { recursive: true, force: true })
    })

    it('while it writes them has written none, and is written again whole', async () => {
      await holder.query('BEGIN')
      await holder.query('LOCK TABLE user_external_ids IN SHARE MODE')
      const pid = await killedWhereItWaits()
      await holder.query('ROLLBACK')
      await untilEnded(pid)
      expect(await links()).toBe(0)
      await endsEmpty('ended before it wrote a link')
      expect((await apply()).links).toEqual({ written: all })
      expect(await links()).toBe(all)
    })

    it('while it commits, and the server gives up, has written none, and is written again whole', async () => {
      await holder.query('SELECT pg_advisory_lock($1)', [GATE])
      const pid = await killedWhereItWaits()
      await endsEmpty('has not ended yet')
      await holder.query('SELECT pg_terminate_backend($1)', [pid])
      await untilEnded(pid)
      await holder.query('SELECT pg_advisory_unlock($1)', [GATE])
      expect(await links()).toBe(0)
      await endsEmpty('ended before it wrote a link')
      expect((await apply()).links).toEqual({ written: all })
      expect(await links()).toBe(all)
    })

    it('while it commits, and the server ends that, is taken back exactly, or left as it is', async () => {
      await holder.query('SELECT pg_advisory_lock($1)', [GATE])
      const pid = await killedWhereItWaits()
      await holder.query('SELECT pg_advisory_unlock($1)', [GATE])
      await untilEnded(pid)
      expect(await links()).toBe(all)
      expect((await apply()).links).toEqual({ write: 0, there: all })
      expect((await documentOf('--undo=last')).links).toEqual({ removed: all })
      expect(await links()).toBe(0)
      expect((await apply()).links).toEqual({ written: all })
      expect(await links()).toBe(all)
    })
  },
)
