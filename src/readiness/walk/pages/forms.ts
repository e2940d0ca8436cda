import type { Locator, Page } from 'playwright-core'
import { isPrivate } from '../../gather/addresses.ts'
import { isBusy, submitOf, wayOn } from './buttons.ts'
import type { TestAccount } from './pages.ts'

/** What to do on a page. */
export type Deed =
  | { readonly kind: 'go on'; readonly act: () => Promise<void> }
  /** It asks again for the password that it was given already. */
  | { readonly kind: 'refused' }
  /** It works at what it was given. */
  | { readonly kind: 'wait' }
  /** What is typed would go there in clear text. */
  | { readonly kind: 'in clear text'; readonly to: string }
  | { readonly kind: 'none' }

/** What was typed so far, each on which document. */
export interface Typed {
  username?: string
  password?: string
}

/** In milliseconds, for one field or button. */
const LIMIT = 10_000

const USERNAME = [
  'input[autocomplete=username]:visible',
  'input[name=username]:visible',
  'input[name=identifier]:visible',
  'input[name=login]:visible',
  'input[name=email]:visible',
  'input[type=email]:visible',
]

/** Whether the browser stands where the client waits. */
export const isBack = (page: Page, redirectUri: string): boolean => {
  const [url, expected] = [URL.parse(page.url()), new URL(redirectUri)]
  return url !== null && url.origin === expected.origin && url.pathname === expected.pathname
}

/** Another after every new document, and after every change that people see. */
export const signatureOf = async (page: Page): Promise<string> => {
  try {
    const [document, words, fields, busy] = await Promise.all([
      documentOf(page),
      page.locator('body').innerText({ timeout: LIMIT }),
      page.locator('input:visible, button:visible').count(),
      page.locator('button:disabled:visible').count(),
    ])
    return JSON.stringify([page.url(), document, words, fields, busy])
  } catch {
    // Amid a navigation there is no page to look at.
    return `on the way from ${page.url()}`
  }
}

/** Another for every document, also where its address is the same. */
const documentOf = (page: Page): Promise<string> => page.evaluate('String(performance.timeOrigin)')

export const wordsOf = (page: Page): Promise<string> =>
  page
    .locator('body')
    .innerText({ timeout: LIMIT })
    .catch(() => '')

export const nextDeed = async (page: Page, account: TestAccount, typed: Typed): Promise<Deed> => {
  const passwords = page.locator('input[type=password]:visible')
  const asked = await passwords.count()
  // Two of them, or one of these, ask for a new password.
  const isNew = (await page.locator('input[autocomplete=new-password]:visible').count()) > 0
  if (asked > 1 || isNew) return { kind: 'none' }
  const username = await first(page, USERNAME)
  const document = await documentOf(page)
  if (asked === 1) {
    if (typed.password !== undefined) {
      return (await isAnswered(page, passwords, typed.password)) ? { kind: 'refused' } : { kind: 'wait' }
    }
    return typing(page, { username, password: passwords }, account, () => {
      typed.password = document
    })
  }
  if (username !== undefined) {
    if (typed.username !== undefined) {
      return (await isAnswered(page, username, typed.username)) ? { kind: 'none' } : { kind: 'wait' }
    }
    return typing(page, { username }, account, () => {
      typed.username = document
    })
  }
  const button = await wayOn(page)
  if (button === undefined) return { kind: 'none' }
  if (!(await button.isEnabled({ timeout: LIMIT }))) return { kind: 'wait' }
  return { kind: 'go on', act: () => button.click({ timeout: LIMIT }) }
}

/** Whether a page that has a field still has judged what was typed into it: it came anew, emptied the field, or says an error. */
const isAnswered = async (page: Page, field: Locator, before: string): Promise<boolean> => {
  if ((await documentOf(page)) !== before) return true
  if (await isBusy(page)) return false
  if ((await field.first().inputValue({ timeout: LIMIT })) === '') return true
  const alerts = await page.locator('[role=alert]:visible, [aria-invalid=true]:visible').count()
  return alerts > 0
}

const typing = async (page: Page, fields: Fields, account: TestAccount, done: () => void): Promise<Deed> => {
  const destination = await destinationOf(page, fields.password ?? fields.username)
  for (const to of [page.url(), ...destination]) if (!isSafe(to)) return { kind: 'in clear text', to }
  return {
    kind: 'go on',
    act: () => {
      done()
      return typeLogin(page, fields, account)
    },
  }
}

const isSafe = (to: string): boolean => URL.canParse(to) && isPrivate(to)

/** Where its form, and every button of the form, sends a field; nowhere where it is in no form. */
const destinationOf = async (page: Page, field: Locator | undefined): Promise<readonly string[]> => {
  if (field === undefined) return []
  const forms = page.locator('form').filter({ has: field })
  const base = String(await page.evaluate('document.baseURI'))
  const actions = [
    ...(await Promise.all((await forms.all()).map((form) => form.getAttribute('action')))),
    ...(await Promise.all((await forms.locator('[formaction]').all()).map((one) => one.getAttribute('formaction')))),
  ]
  // An empty one is the page itself.
  return actions.flatMap((action) =>
    action === null || action === '' ? [] : [URL.parse(action, base)?.href ?? action],
  )
}

interface Fields {
  readonly username: Locator | undefined
  readonly password?: Locator
}

const first = async (page: Page, selectors: readonly string[]): Promise<Locator | undefined> => {
  for (const selector of selectors) {
    const found = page.locator(selector)
    if ((await found.count()) > 0) return found.first()
  }
  return undefined
}

const typeLogin = async (page: Page, { username, password }: Fields, account: TestAccount): Promise<void> => {
  if (username !== undefined && (await username.isEditable({ timeout: LIMIT }))) {
    await username.fill(nameOf(account.username), { timeout: LIMIT })
  }
  await password?.fill(account.password, { timeout: LIMIT })
  const field = password ?? username
  if (field === undefined) return
  const button = await submitOf(page, field)
  if (button !== undefined) await button.click({ timeout: LIMIT })
  else await field.press('Enter', { timeout: LIMIT })
}

/** OPs know people by the name within their Matrix id. */
const nameOf = (username: string): string => /^@([^:]+):/u.exec(username)?.[1] ?? username
