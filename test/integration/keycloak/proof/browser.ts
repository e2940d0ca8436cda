import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startChromium, whyNoChromium } from '../../../support/browser/chromium.ts'
import { loginUrl, whoCame } from '../../../support/keycloak/browser-app.ts'
import { backInApp, signIn } from '../../../support/keycloak/browser-login.ts'
import { callSynapse, textOf } from '../../../support/synapse/client.ts'
import { ANN, FOX, GONE, LINKED, LOCKED, SHORT, SIGNS, UNLINKED } from './people.ts'
import type { Stage } from './stage.ts'

const missing = whyNoChromium()

const ATTRIBUTES = z.object({ attributes: z.record(z.string(), z.array(z.string())) })

export const describeBrowser = (stage: () => Stage): unknown =>
  describe.skipIf(missing)(`see in a browser${missing === undefined ? '' : ` (${missing})`}`, () => {
    let browser: Browser

    beforeAll(async () => {
      browser = await startChromium()
    })
    afterAll(() => browser?.close())

    /** A browser of somebody's own, in which nobody is logged in. */
    const open = async (address: string): Promise<Page> => {
      const page = await browser.newPage({ locale: 'en-US' })
      page.setDefaultTimeout(120_000)
      await page.goto(address)
      return page
    }

    describe('of Keycloak', () => {
      const openApp = (): Promise<Page> => open(loginUrl(stage().realm, stage().app))
      const cameBack = async (page: Page) => whoCame(stage().realm, stage().app, await backInApp(page))
      const userCount = (): Promise<number> => stage().realm.admin.get('users/count', z.number())

      it.each([
        { who: ANN, name: 'ann' },
        { who: ANN, name: 'Ann@proof.example' },
        { who: FOX, name: 'fox' },
        { who: SHORT, name: 'q' },
        { who: SIGNS, name: 'X/y=z+1' },
      ])('their app right after the password, as $name', async ({ who: { localpart, password }, name }) => {
        const page = await openApp()
        await signIn(page, name, password)
        expect(await cameBack(page)).toMatchObject({ sub: stage().idOf(localpart), preferred_username: localpart })
        await page.close()
      })

      it('their own account, and may change it without what we noted of it', async () => {
        const { realm, idOf } = stage()
        const attributes = async () => (await realm.admin.get(`users/${idOf(FOX.localpart)}`, ATTRIBUTES)).attributes
        const before = await attributes()
        const page = await open(`${realm.url}/realms/${realm.name}/account`)
        await signIn(page, FOX.localpart, FOX.password)
        await page.getByLabel('First name').fill('Reynard')
        const fields = ['Username', 'Matrix ID', 'Display name'].map((label) => page.getByLabel(label).inputValue())
        expect(await Promise.all(fields)).toEqual([FOX.localpart, stage().mxid(FOX.localpart), FOX.displayname])
        expect(await page.getByText('syn2op_').count()).toBe(0)
        await page.getByRole('button', { name: 'Save' }).click()
        await page.getByText('Your account has been updated.').waitFor()
        expect(await attributes()).toEqual(before)
        await page.close()
      })

      it.each([
        { who: LOCKED, words: 'Account is disabled, contact your administrator.' },
        { who: GONE, words: 'Invalid username or password.' },
      ])('why they are not let in: $who.localpart', async ({ who, words }) => {
        const page = await openApp()
        await signIn(page, who.localpart, who.password)
        const complaint = page.getByText(words)
        await complaint.waitFor()
        expect(await complaint.innerText()).toBe(words)
        await page.close()
      })

      it('the provider by which they came to Synapse, and are the same person behind it', async () => {
        const before = await userCount()
        const page = await openApp()
        await page.getByRole('link', { name: 'Google' }).click()
        await signIn(page, LINKED.atGoogle.username, LINKED.atGoogle.password)
        const { localpart } = LINKED
        expect(await cameBack(page)).toMatchObject({ sub: stage().idOf(localpart), preferred_username: localpart })
        expect(await userCount()).toBe(before)
        await page.close()
      })
    })

    describe('of Synapse, to which Keycloak leads', () => {
      const openSynapse = (): Promise<Page> => {
        const start = new URL('/_matrix/client/v3/login/sso/redirect/oidc-keycloak', stage().synapse.baseUrl)
        start.searchParams.set('redirectUrl', stage().app.url)
        return open(start.href)
      }
      const whoIs = async (token: string): Promise<string> => {
        const path = '/_matrix/client/v3/account/whoami'
        return textOf(await callSynapse(stage().synapse.baseUrl, 'GET', path, { token }), 'user_id')
      }
      /** Whom Synapse takes the person for who has come back. */
      const cameBack = async (page: Page): Promise<string> => {
        const token = new URL(await backInApp(page)).searchParams.get('loginToken')
        const body = { type: 'm.login.token', token }
        const login = await callSynapse(stage().synapse.baseUrl, 'POST', '/_matrix/client/v3/login', { body })
        await page.close()
        return whoIs(textOf(login, 'access_token'))
      }

      it('the account that they had, by the password that they had', async () => {
        const page = await openSynapse()
        await signIn(page, ANN.localpart, ANN.password)
        expect(await cameBack(page)).toBe(stage().mxid(ANN.localpart))
      })

      it('the account that they had, by the provider of before', async () => {
        const page = await openSynapse()
        await page.getByRole('link', { name: 'Google' }).click()
        await signIn(page, LINKED.atGoogle.username, LINKED.atGoogle.password)
        expect(await cameBack(page)).toBe(stage().mxid(LINKED.localpart))
      })

      it('the account that they had, where an app has its token still', async () => {
        expect(await whoIs(stage().tokens.get(ANN.localpart) ?? '')).toBe(stage().mxid(ANN.localpart))
      })

      it('a second account, where the link is missing that `syn2op link` has written', async () => {
        const page = await openSynapse()
        await signIn(page, UNLINKED.localpart, UNLINKED.password)
        expect(await cameBack(page)).toBe(stage().mxid(`${UNLINKED.localpart}1`))
      })
    })
  })
