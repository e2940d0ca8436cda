import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { deviceOf, type Inhabitant } from '../../support/both/live-here.ts'
import { type BeforeTheMove, beforeTheMove } from '../../support/both/mas-behind-keycloak.ts'
import { startChromium, whyNoChromium } from '../../support/browser/chromium.ts'
import { type BrowserApp, startBrowserApp } from '../../support/keycloak/browser-app.ts'
import { backInApp, signIn } from '../../support/keycloak/browser-login.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { findMas, requireMas } from '../../support/mas/installed-mas.ts'
import { loginByToken, type Told, whoIs } from '../../support/mas/mas-clients.ts'
import { testPostgres } from '../../support/postgres.ts'
import { whyNoSynapse } from '../../support/synapse/install.ts'

const NAME = 'bothreal'
const ACCEPT = '--accept all-warnings --accept SYNAPSE_BACKGROUND_UPDATES'

const ANN = { localpart: 'ann', password: 'ann’s password' }
const SIGNS = { localpart: 'x/y=z+1', password: 'x’s password' }
const SSO = { localpart: 'sso', subject: 'subject-of-sso' }
const LOCKED = { localpart: 'locked', password: 'locked’s password', state: 'locked' } as const
/** Whose link is taken out of MAS. */
const UNLINKED = { localpart: 'unlinked', password: 'unlinked’s password' }
const PEOPLE: readonly Inhabitant[] = [ANN, SIGNS, SSO, LOCKED, UNLINKED]

const found = findMas()
const missing =
  typeof found === 'string' ? found : ((await whyNoKeycloak()) ?? (await whyNoSynapse()) ?? whyNoChromium())

describe.skipIf(missing)(
  `[mas-cli] people who have moved to a real MAS, and to the Keycloak behind it${missing ? ` (${missing})` : ''}`,
  () => {
    const closing: (() => Promise<unknown>)[] = []
    const later = (end: () => Promise<unknown>): void => void closing.push(end)
    let before: BeforeTheMove
    let app: BrowserApp
    let browser: Browser
    let mas: string
    let synapse: string

    const mxid = (localpart: string): string => `@${localpart}:${before.serverName}`
    const usersOfMas = () =>
      testPostgres().execute(`${NAME}_mas`, 'SELECT user_id::text, username FROM users ORDER BY username')
    const whoHas = (token: string | undefined): Promise<Told> => whoIs(synapse, token ?? '')

    beforeAll(async () => {
      before = await beforeTheMove(requireMas(found), { name: NAME, people: PEOPLE, later })
      app = await startBrowserApp()
      later(app.stop)
      browser = await startChromium()
      later(() => browser.close())
    }, 480_000)
    afterAll(async () => {
      for (const end of closing.toReversed()) await end()
    })

    it('come as the how-to has it', async () => {
      const { done, write } = before
      await done('syn2op init --target keycloak --synapse-config homeserver.yaml --target-config keycloak.yaml')
      const prepare = `syn2op keycloak prepare --for mas --mas-url ${before.masUrl}`
      await done(prepare)
      await before.nameUpstream(await done(`${prepare} --apply --yes --json`))
      await done('mv mapping.yaml keycloak-rules.yaml')
      await done('syn2op init --target mas --target-config config.yaml --out mas && mv mas/mapping.yaml mas-rules.yaml')
      await write(
        'syn2op.yaml',
        `synapse:
  config: homeserver.yaml
target:
  name: [keycloak, mas]
  config: [keycloak=keycloak.yaml, mas=config.yaml]
mapping: [keycloak=keycloak-rules.yaml, mas=mas-rules.yaml]
`,
      )
      await done(`syn2op plan ${ACCEPT}`)
      await done(`syn2op migrate --yes ${ACCEPT}`)
      expect(await done(`syn2op verify ${ACCEPT}`)).toContain('Both hold what they should, and so do the links.')
      const user = `(SELECT user_id FROM users WHERE username = '${UNLINKED.localpart}')`
      await testPostgres().execute(`${NAME}_mas`, `DELETE FROM upstream_oauth_links WHERE user_id = ${user}`)
      ;({ mas, synapse } = await before.cutOver())
    })

    it('have the devices that they had: old tokens are theirs, but of who is locked', async () => {
      for (const { localpart } of [ANN, SIGNS, UNLINKED]) {
        const theirs = { status: 200, user: mxid(localpart), device: deviceOf(localpart) }
        expect(await whoHas(before.tokens.get(localpart))).toEqual(theirs)
      }
      expect(await whoHas(before.tokens.get(LOCKED.localpart))).toMatchObject({ status: 401 })
    })

    describe('log in in a browser', () => {
      /** Goes to MAS as an old client sends people there. */
      const begin = async (context: BrowserContext): Promise<Page> => {
        const page = await context.newPage()
        page.setDefaultTimeout(60_000)
        const start = new URL('/_matrix/client/v3/login/sso/redirect', mas)
        start.searchParams.set('redirectUrl', app.url)
        await page.goto(start.href)
        return page
      }
      /** A browser of somebody's own, in which nobody is logged in. */
      const newBrowser = (): Promise<BrowserContext> => browser.newContext({ locale: 'en-US' })
      /** Agrees to what MAS asks everybody, and hands the client what it is handed. */
      const goOn = async (page: Page): Promise<Told> => {
        await page.getByRole('button', { name: 'Continue' }).click()
        return loginByToken(mas, new URL(await backInApp(page)).searchParams.get('loginToken') ?? '')
      }

      it.each([ANN, SIGNS])(
        'with the password that they had, to the account that they had: $localpart',
        async ({ localpart, password }) => {
          const users = await usersOfMas()
          const context = await newBrowser()
          const page = await begin(context)
          expect(new URL(page.url()).origin).toBe(before.realm.url)
          await signIn(page, localpart, password)
          const login = await goOn(page)
          expect(login).toMatchObject({ status: 200, user: mxid(localpart) })
          expect(await whoHas(login.accessToken)).toMatchObject({ user: mxid(localpart), device: login.device })
          expect(await usersOfMas()).toEqual(users)
          await context.close()
        },
      )

      it('by the provider that they had, to the account that they had', async () => {
        const users = await usersOfMas()
        const context = await newBrowser()
        const page = await begin(context)
        before.provider.expect({ subject: SSO.subject, username: 'somebody-else' })
        await page.getByRole('link', { name: 'Test provider' }).click()
        expect(await goOn(page)).toMatchObject({ status: 200, user: mxid(SSO.localpart) })
        expect(await usersOfMas()).toEqual(users)
        await context.close()
      })

      it('again after Keycloak has ended their session, which takes nothing from their devices', async () => {
        const context = await newBrowser()
        const first = await begin(context)
        await signIn(first, ANN.localpart, ANN.password)
        const login = await goOn(first)
        const again = await begin(context)
        await again.getByRole('button', { name: 'Continue' }).waitFor()

        const ids = z.tuple([z.object({ id: z.string() })])
        const [{ id }] = await before.realm.admin.get(`users?exact=true&username=${ANN.localpart}`, ids)
        await before.realm.admin.post(`users/${id}/logout`, {})
        const ended = await begin(context)
        await ended.getByText('This session has been terminated').waitFor()
        await ended.getByRole('button', { name: 'Sign out' }).click()
        const last = await begin(context)
        await signIn(last, ANN.localpart, ANN.password)
        expect(await goOn(last)).toMatchObject({ status: 200, user: mxid(ANN.localpart) })
        for (const token of [login.accessToken, before.tokens.get(ANN.localpart)])
          expect(await whoHas(token)).toMatchObject({ status: 200, user: mxid(ANN.localpart) })
        await context.close()
      })

      it('as somebody new, who was in the realm only', async () => {
        await before.realm.admin.post('users', {
          username: 'newcomer',
          enabled: true,
          firstName: 'New',
          lastName: 'Comer',
          email: 'newcomer@example.org',
          emailVerified: true,
          credentials: [{ type: 'password', value: 'a new password' }],
        })
        const context = await newBrowser()
        const page = await begin(context)
        await signIn(page, 'newcomer', 'a new password')
        await page.getByRole('button', { name: 'Create Account' }).click()
        expect(await goOn(page)).toMatchObject({ status: 200, user: mxid('newcomer') })
        await context.close()
      })

      it('to nobody’s account where the link is missing, and to theirs once it was written', async () => {
        const users = await usersOfMas()
        const context = await newBrowser()
        const page = await begin(context)
        await signIn(page, UNLINKED.localpart, UNLINKED.password)
        await page.getByText('User exists').waitFor()
        expect(await before.done(`syn2op link --to mas --apply --yes ${ACCEPT}`)).toContain('1  written')
        expect(await goOn(await begin(context))).toMatchObject({ status: 200, user: mxid(UNLINKED.localpart) })
        expect(await usersOfMas()).toEqual(users)
        await context.close()
      })
    })

    it('are proved afterwards as the how-to has it', async () => {
      const { done, write } = before
      await write('canaries.txt', `${mxid(UNLINKED.localpart)} ${UNLINKED.password}\n`)
      expect(await done('syn2op verify --target keycloak --canaries canaries.txt')).toContain('1 work, 0 do not')
      const lines = [...before.tokens].map(([who, token]) => `${mxid(who)} ${deviceOf(who)} ${token}\n`)
      await write('tokens.txt', lines.join(''))
      const proved = await done(`syn2op verify --target mas --tokens tokens.txt --homeserver-url ${synapse}`)
      expect(proved).toContain('3 work, 1 do not; each as foretold')
    })
  },
)
