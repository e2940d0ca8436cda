import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ending } from '../../support/built-program.ts'
import { type StoryEntry, storyEntries } from '../../support/expected-rows/entries.ts'
import { compareRows, loadStory, readMasRows, type Story } from '../../support/expected-rows.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import {
  asAdministrator,
  loginAtMas,
  loginByToken,
  refreshAtMas,
  untilSynced,
  whoIs,
} from '../../support/mas/mas-clients.ts'
import { type Night, PROVIDER_ID, prepareNight } from '../../support/mas/night.ts'
import { doMas } from '../../support/mas/run-mas.ts'
import { upstreamLoginToken } from '../../support/mas/upstream-login.ts'
import { testPostgres } from '../../support/postgres.ts'
import { whyNoSynapse } from '../../support/synapse/install.ts'

const DATABASES = { synapse: 'real_mas_synapse', mas: 'real_mas', delegating: 'real_mas_delegating' }
const ACCEPTED = ['--accept', 'all-warnings']
const UNKNOWN = { status: 401, code: 'M_UNKNOWN_TOKEN' }

const found = findMas()
const missing = typeof found === 'string' ? found : await whyNoSynapse()

describe.skipIf(missing)(
  `[mas-cli] a night with a real Synapse and a real MAS${missing ? ` (${missing})` : ''}`,
  () => {
    let night: Night
    let story: Story
    let mas: string
    let synapse: string

    const label = (name: string): string => {
      const text = night.told.labels[name]
      if (text === undefined) throw new Error(`The story noted no ${name}`)
      return text
    }
    const entries = (relation: StoryEntry['relation'], decision: 'carried' | 'left'): readonly StoryEntry[] =>
      storyEntries(story, night.source).filter(
        (entry) => entry.relation === relation && (entry.row !== undefined) === (decision === 'carried'),
      )
    /** Synapse refuses ids of these lengths when MAS names them: facts of Synapse 1.163.2. */
    const isRefusedDevice = ({ device }: StoryEntry): boolean => device === '' || (device?.length ?? 0) > 255
    const isLocked = ({ account }: StoryEntry): boolean => account === '@locked:story.example'

    beforeAll(async () => {
      story = await loadStory('real-synapse')
      night = await prepareNight(requireMas(found), testPostgres(), DATABASES)
    })
    afterAll(() => night?.end())

    test('check finds no error', async () => {
      expect(ending(await night.syn2op('check', ...ACCEPTED), 0)).toBe('exit 0')
    })

    test('plan and migrate end well, and verify finds no difference', async () => {
      expect(ending(await night.syn2op('plan', ...ACCEPTED), 0)).toBe('exit 0')
      expect(ending(await night.syn2op('migrate', '--yes', ...ACCEPTED), 0)).toBe('exit 0')
      expect(ending(await night.syn2op('verify', ...ACCEPTED), 0)).toBe('exit 0')
    })

    test('MAS holds the rows of the story, and no others', async () => {
      const client = await testPostgres().superuser(DATABASES.mas)
      const rows = await readMasRows(client)
      await client.end()
      expect(compareRows(story, rows, night.source)).toEqual([])
    })

    describe('after the cut-over', () => {
      beforeAll(async () => {
        const started = await night.cutOver()
        mas = started.mas.baseUrl
        synapse = started.synapse.baseUrl
      })

      test('every token that was carried is the same person’s on the same device', async () => {
        const tokens = entries('access_token', 'carried').filter((entry) => !isRefusedDevice(entry) && !isLocked(entry))
        expect(tokens.length).toBeGreaterThan(15)
        for (const { account, device, token = '' } of tokens) {
          expect(await whoIs(synapse, token)).toEqual({ status: 200, user: account, device })
        }
      })

      test('a token of a device whose name is empty or longer than 255 is refused by Synapse, not by MAS', async () => {
        for (const { device, token = '' } of entries('access_token', 'carried').filter(isRefusedDevice)) {
          expect([device, await whoIs(synapse, token)]).toEqual([device, { status: 500, code: 'M_FORBIDDEN' }])
        }
      })

      test('no token that was left works', async () => {
        const left = entries('access_token', 'left').map(({ token = '' }) => token)
        expect(left).toContain(label('rotated.access.old'))
        expect(left).toContain(label('admin.puppet'))
        for (const token of [
          ...left,
          label('guest.guest_token'),
          label('leaver.leaves'),
          label('deactivated.device'),
        ]) {
          expect([token, await whoIs(synapse, token)]).toEqual([token, UNKNOWN])
        }
      })

      test('an administrator’s old token is one still, and nobody else’s', async () => {
        expect(await asAdministrator(synapse, label('admin.console'))).toMatchObject({ status: 200 })
        expect(await asAdministrator(synapse, label('sso.laptop'))).toMatchObject({ status: 403 })
      })

      test('a locked person’s token and password are refused', async () => {
        expect(await whoIs(synapse, label('locked.device'))).toMatchObject({ status: 401 })
        const password = night.told.passwords.get('@locked:story.example') ?? ''
        expect(await loginAtMas(mas, '@locked:story.example', password)).toMatchObject({ status: 401 })
      })

      // Before anybody logs in: MAS then hashes the password anew, and whole.
      test('a carried hash sees NFKC of a password, and 72 bytes of it, as before', async () => {
        const long = 'long '.repeat(16)
        expect(await loginAtMas(mas, '@fingers:story.example', 'fianc\u00e9 1')).toMatchObject({ status: 200 })
        expect(await loginAtMas(mas, '@longpass:story.example', long.slice(0, 71))).toMatchObject({ status: 403 })
      })

      test('every password logs in, and the new token is that person’s', async () => {
        for (const [mxid, password] of night.told.passwords) {
          if (mxid === '@locked:story.example') continue
          const login = await loginAtMas(mas, mxid, password)
          expect(login).toMatchObject({ status: 200, user: mxid })
          expect(await whoIs(synapse, login.accessToken ?? '')).toMatchObject({ user: mxid, device: login.device })
        }
      })

      test('wrong passwords, and those of deactivated accounts, are refused', async () => {
        expect(await loginAtMas(mas, '@both:story.example', 'another')).toMatchObject({ status: 403 })
        for (const localpart of ['deactivated', 'erased', 'nothing', 'sso']) {
          const login = await loginAtMas(mas, `@${localpart}:story.example`, `${localpart}’s password`)
          expect([localpart, login]).toMatchObject([localpart, { status: 403 }])
        }
      })

      test('who logged in over the provider does so again, as the same person', async () => {
        for (const localpart of ['sso', 'both']) {
          const person = { subject: `subject-of-${localpart}`, username: 'somebody-else' }
          const token = await upstreamLoginToken({ baseUrl: mas, providerId: PROVIDER_ID }, night.provider, person)
          const login = await loginByToken(mas, token)
          expect(login).toMatchObject({ status: 200, user: `@${localpart}:story.example` })
          expect(await whoIs(synapse, login.accessToken ?? '')).toMatchObject({
            user: login.user,
            device: login.device,
          })
        }
      })

      test('a device’s refresh token gives a new token of that device, once: MAS then voids the device’s others', async () => {
        const devices = Map.groupBy(entries('refresh_token', 'carried'), ({ device }) => device)
        expect([...devices.keys()]).toEqual(['UNUSED', 'ROTATED', 'PENDING', 'CHAINED', 'FORKED'])
        for (const [device, [first, ...others]] of devices) {
          const pair = await refreshAtMas(mas, first?.token ?? '')
          expect([device, pair]).toMatchObject([device, { status: 200 }])
          expect(await whoIs(synapse, pair.accessToken ?? '')).toEqual({ status: 200, user: first?.account, device })
          for (const { token = '' } of others)
            expect([device, await refreshAtMas(mas, token)]).toEqual([device, UNKNOWN])
        }
      })

      test('no refresh token that was left works', async () => {
        const left = entries('refresh_token', 'left').map(({ token = '' }) => token)
        expect(left).toContain(label('rotated.refresh.old'))
        for (const token of left) expect(await refreshAtMas(mas, token)).toEqual(UNKNOWN)
      })

      test('a sync of everybody deletes no device and no address of a person', async () => {
        await doMas(requireMas(found), night.files.mas, ['manage', 'provision-all-users'])
        expect(await untilSynced(testPostgres(), DATABASES.mas)).toBe(0)
        const rows = async (statement: string) => {
          const present = await testPostgres().execute(DATABASES.delegating, statement)
          return new Set(present.map(({ user_id: user, id }) => JSON.stringify([user, id])))
        }
        const devices = await rows('SELECT user_id, device_id AS id FROM devices')
        const deleted = night.source.tables.devices
          .map(({ user_id: user, device_id: id }) => JSON.stringify([user, id]))
          .filter((device) => !devices.has(device))
        expect(deleted).toEqual([JSON.stringify([label('guest.mxid'), 'guest_device'])])

        const addresses = await rows('SELECT user_id, address AS id FROM user_threepids')
        for (const { user_id: user, address } of night.source.tables.user_threepids) {
          expect(addresses).toContain(JSON.stringify([user, address]))
        }
      })
    })
  },
)
