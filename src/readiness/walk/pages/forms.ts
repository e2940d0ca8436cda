import type { Locator, Page } from 'playwright-core'
import type { TestAccount } from './pages.ts'

/** What to do on a page. */
export type Deed =
  | { readonly kind: 'go on'; readonly act: () => Promise<void> }
  /** It asks for the password that it was given already. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'none' }

/** What was typed so far. */
export interface Typed {
  username: boolean
  password: boolean
}

/** In milliseconds, for one field or button. */
const LIMIT = 10_000

const SUBMIT = 'button[type=submit]:visible, input[type=submit]:visible, button:not([type]):visible'

const USERNAME = [
  'input[autocomplete=username]:visible',
  'input[name=username]:visible',
  'input[name=identifier]:visible',
  'input[name=login]:visible',
  'input[name=email]:visible',
  'input[type=email]:visible',
]

/** How pages of consent call the way on; whatever goes back, or to another account, is called otherwise. */
const ONWARDS = /^\s*(?:continue|allow|accept|authori[sz]e|approve|agree|consent|grant|yes|ok|next|proceed)\b/iu

/** Whether the browser stands where the client waits. */
export const isBack = (page: Page, redirectUri: string): boolean => {
  const [url, expected] = [URL.parse(page.url()), new URL(redirectUri)]
  return url !== null && url.origin === expected.origin && url.pathname === expected.pathname
}

/** Another after every new document, and after every change that people see. */
export const signatureOf = async (page: Page): Promise<string> => {
  try {
    const [document, words, fields] = await Promise.all([
      page.evaluate('String(performance.timeOrigin)'),
      page.locator('body').innerText({ timeout: LIMIT }),
      page.locator('input:visible, button:visible').count(),
    ])
    return JSON.stringify([page.url(), document, words, fields])
  } catch {
    // Amid a navigation there is no page to look at.
    return `on the way from ${page.url()}`
  }
}

export const wordsOf = (page: Page): Promise<string> =>
  page
    .locator('body')
    .innerText({ timeout: LIMIT })
    .catch(() => '')

export const nextDeed = async (page: Page, account: TestAccount, typed: Typed): Promise<Deed> => {
  const passwords = page.locator('input[type=password]:visible')
  const asked = await passwords.count()
  // Two of them ask for a new password.
  if (asked > 1) return { kind: 'none' }
  const username = await first(page, USERNAME)
  if (asked === 1) {
    if (typed.password) return { kind: 'refused' }
    typed.password = true
    return { kind: 'go on', act: () => typeLogin(page, { username, password: passwords }, account) }
  }
  if (username !== undefined) {
    if (typed.username) return { kind: 'none' }
    typed.username = true
    return { kind: 'go on', act: () => typeLogin(page, { username }, account) }
  }
  const button = await onwards(page)
  return button === undefined ? { kind: 'none' } : { kind: 'go on', act: () => button.click({ timeout: LIMIT }) }
}

const first = async (page: Page, selectors: readonly string[]): Promise<Locator | undefined> => {
  for (const selector of selectors) {
    const found = page.locator(selector)
    if ((await found.count()) > 0) return found.first()
  }
  return undefined
}

const typeLogin = async (
  page: Page,
  { username, password }: { readonly username: Locator | undefined; readonly password?: Locator },
  account: TestAccount,
): Promise<void> => {
  if (username !== undefined && (await username.isEditable({ timeout: LIMIT }))) {
    await username.fill(nameOf(account.username), { timeout: LIMIT })
  }
  await password?.fill(account.password, { timeout: LIMIT })
  const field = password ?? username
  if (field === undefined) return
  const button = page.locator('form').filter({ has: field }).locator(SUBMIT).first()
  if ((await button.count()) > 0) await button.click({ timeout: LIMIT })
  else await field.press('Enter', { timeout: LIMIT })
}

/** OPs know people by the name within their Matrix id. */
const nameOf = (username: string): string => /^@([^:]+):/u.exec(username)?.[1] ?? username

const onwards = async (page: Page): Promise<Locator | undefined> => {
  const named = page.locator('[type=submit][name=accept]:visible')
  if ((await named.count()) > 0) return named.first()
  const called = page.getByRole('button', { name: ONWARDS })
  if ((await called.count()) > 0) return called.first()
  // One button alone is the way on, where nothing has to be typed first.
  const texts = await page.locator('input[type=text]:visible, input[type=tel]:visible, textarea:visible').count()
  const submits = page.locator(SUBMIT)
  return texts === 0 && (await submits.count()) === 1 ? submits.first() : undefined
}
