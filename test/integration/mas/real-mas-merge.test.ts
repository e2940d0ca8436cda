import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunDocument } from '../../../src/report/documents.ts'
import { ending } from '../../support/built-program.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { loginAtMas, type Told, whoIs } from '../../support/mas/mas-clients.ts'
import { type Night, prepareNight } from '../../support/mas/night.ts'
import { doMas } from '../../support/mas/run-mas.ts'
import { testPostgres } from '../../support/postgres.ts'
import { callSynapse } from '../../support/synapse/client.ts'
import { whyNoSynapse } from '../../support/synapse/install.ts'

const DATABASES = { synapse: 'real_merge_synapse', mas: 'real_merge_mas', delegating: 'real_merge_delegating' }
const FLAGS = ['--yes', '--json', '--accept', 'all-warnings', '--accept', 'NO_BACKUP']
const UNKNOWN = { status: 401, code: 'M_UNKNOWN_TOKEN' }

const found = findMas()
const missing = typeof found === 'string' ? found : await whyNoSynapse()

describe.skipIf(missing)(
  `[mas-cli] a merge into a real MAS that runs and has people of its own${missing ? ` (${missing})` : ''}`,
  () => {
    let night: Night
    let mas: string
    let synapse: string
    let olga: Told
    let first: RunDocument

    const masRows = (statement: string) => testPostgres().execute(DATABASES.mas, statement)
    const label = (name: string): string => {
      const text = night.told.labels[name]
      if (text === undefined) throw new Error(`The story noted no ${name}`)
      return text
    }
    const register = (name: string, ...more: readonly string[]) =>
      doMas(requireMas(found), night.files.mas, [
        'manage',
        'register-user',
        '--yes',
        name,
        '--password',
        `${name} at MAS`,
        '--ignore-password-complexity',
        ...more,
      ])
    const setPassword = (name: string, password: string) =>
      doMas(requireMas(found), night.files.mas, ['manage', 'set-password', name, password, '--ignore-complexity'])
    const merge = async (): Promise<RunDocument> => {
      const run = await night.syn2op('migrate', ...FLAGS)
      expect(ending(run, 0)).toBe('exit 0')
      return JSON.parse(run.stdout) as RunDocument
    }
    const countOf = (document: RunDocument, outcome: string): number =>
      document.outcomes?.filter((one) => one.outcome === outcome).reduce((sum, { count }) => sum + count, 0) ?? 0
    /** All rows of people whom MAS had before, but for when and from where they were last seen. */
    const rowsOfOthers = () =>
      masRows(`
        SELECT to_jsonb(u)::text AS row FROM users u WHERE username IN ('olga', 'taker', 'mona')
        UNION ALL SELECT to_jsonb(p)::text FROM user_passwords p JOIN users USING (user_id)
          WHERE username IN ('olga', 'taker', 'mona')
        UNION ALL SELECT to_jsonb(e)::text FROM user_emails e JOIN users USING (user_id)
          WHERE username IN ('olga', 'taker', 'mona')
        UNION ALL SELECT (to_jsonb(s) - 'last_active_at' - 'last_active_ip')::text FROM compat_sessions s
          JOIN users USING (user_id) WHERE username IN ('olga', 'taker', 'mona')
        ORDER BY 1`)

    beforeAll(async () => {
      night = await prepareNight(requireMas(found), testPostgres(), DATABASES)
      const started = await night.cutOver()
      mas = started.mas.baseUrl
      synapse = started.synapse.baseUrl
      await register('olga')
      // MAS asks its Synapse whether a name is free, and this Synapse knows the name already.
      await register('namesake')
      await masRows("UPDATE users SET username = 'taker' WHERE username = 'namesake'")
      await setPassword('taker', 'taker at MAS')
      await register('mona', '--email', 'Mixed.Case@story.example')
      olga = await loginAtMas(mas, '@olga:story.example', 'olga at MAS')
    })
    afterAll(() => night?.end())

    test('people come in while MAS is used, and nobody who was there notices', async () => {
      const rows = await rowsOfOthers()
      let isMerging = true
      let asked = 0
      const busy = (async () => {
        for (; isMerging; asked++) expect(await whoIs(synapse, olga.accessToken ?? '')).toMatchObject({ status: 200 })
      })()
      first = await merge()
      isMerging = false
      await busy
      expect(asked).toBeGreaterThan(5)
      expect(first.road).toBe('merge')
      expect(countOf(first, 'created')).toBeGreaterThan(10)
      expect(await rowsOfOthers()).toEqual(rows)
    })

    test('whose name or e-mail somebody at MAS has is held back, and said so', () => {
      expect(first.conflicts?.map(({ mxid, reason }) => [mxid, reason])).toEqual([
        ['@contacts:story.example', 'email_taken'],
        ['@taker:story.example', 'username_taken'],
      ])
    })

    test('their old tokens and passwords work at once', async () => {
      expect(await whoIs(synapse, label('leaver.stays'))).toMatchObject({
        user: '@leaver:story.example',
        device: 'STAYS',
      })
      expect(
        await loginAtMas(mas, '@both:story.example', night.told.passwords.get('@both:story.example') ?? ''),
      ).toMatchObject({ status: 200 })
      expect(await loginAtMas(mas, '@taker:story.example', 'taker at MAS')).toMatchObject({ status: 200 })
    })

    test('a second merge changes nothing', async () => {
      const rows = () =>
        masRows(`SELECT (SELECT jsonb_agg(to_jsonb(p) ORDER BY user_password_id) FROM user_passwords p) AS passwords,
          (SELECT jsonb_agg(to_jsonb(s) - 'last_active_at' - 'last_active_ip' ORDER BY compat_session_id)
            FROM compat_sessions s) AS sessions`)
      const before = await rows()
      const again = await merge()
      expect([countOf(again, 'created'), countOf(again, 'updated'), countOf(again, 'removed')]).toEqual([0, 0, 0])
      expect(await rows()).toEqual(before)
    })

    test('a password changed at MAS and a login closed there stay so, though Synapse changes the account', async () => {
      await setPassword('fingers', 'fingers’ password at MAS')
      await callSynapse(mas, 'POST', '/_matrix/client/v3/logout', { token: label('leaver.stays'), body: {} })
      await testPostgres().execute(
        DATABASES.synapse,
        `UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE name = '@both:story.example')
         WHERE name = '@fingers:story.example'`,
        "UPDATE devices SET display_name = 'renamed' WHERE user_id = '@leaver:story.example'",
      )
      const third = await merge()
      const theirs = (relation: string) => third.changes?.find((one) => one.relation === relation)?.theirs
      expect(theirs('password')).toBe(1)
      expect(theirs('session')).toBeGreaterThan(0)
      expect(await loginAtMas(mas, '@fingers:story.example', 'fingers’ password at MAS')).toMatchObject({ status: 200 })
      expect(await whoIs(synapse, label('leaver.stays'))).toEqual(UNKNOWN)
    })

    test('somebody who joined Synapse later is added', async () => {
      for (const database of [DATABASES.synapse, DATABASES.delegating]) {
        await testPostgres().execute(
          database,
          `INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated)
           SELECT '@latecomer:story.example', password_hash, creation_ts, 0, 0, 0 FROM users
           WHERE name = '@both:story.example'`,
        )
      }
      expect(countOf(await merge(), 'created')).toBe(1)
      const password = night.told.passwords.get('@both:story.example') ?? ''
      expect(await loginAtMas(mas, '@latecomer:story.example', password)).toMatchObject({ status: 200 })
    })
  },
)
