import type { Browser, Page, Response } from 'playwright-core'
import type { Exchange } from '../../http/exchange.ts'
import { shortened } from '../oauth-errors.ts'
import type { FoundBrowser } from './find-browser.ts'
import { isBack, nextDeed, signatureOf, wordsOf } from './forms.ts'
import type { OpenPages, TestAccount, Visit } from './pages.ts'
import { listenForRedirect } from './redirect-listener.ts'

/** More pages than a login and a consent ever have. */
const MOST_PAGES = 12
/** In milliseconds: for one page to come, and to come to rest. */
const PAGE_LIMIT = 20_000
const REST = 400
const LOOK_AGAIN = 100

/** Logs a test account in through the OP's own pages, in a browser that nobody sees, with a profile of its own. */
export const pagesInBrowser =
  (account: TestAccount, { driver, executable }: FoundBrowser): OpenPages =>
  async () => {
    const listener = await listenForRedirect()
    let started: Promise<Browser> | undefined
    const start = (): Promise<Browser> =>
      driver.launch({ executablePath: executable, headless: true, args: browserFlags(), handleSIGINT: false })
    return {
      redirectUri: listener.redirectUri,
      visit: async (url, { signal }) => {
        signal.throwIfAborted()
        started ??= start()
        const browser = await started.catch(() => undefined)
        if (browser === undefined) {
          started = undefined
          const remedy = [`Try whether it starts: ${executable} --headless --version`, 'Name another: --browser FILE']
          return { why: `The browser ${executable} cannot be started`, remedy, passed: [] }
        }
        // Without what was before: each login is one of its own.
        const context = await browser.newContext({ locale: 'en-US', ignoreHTTPSErrors: false, acceptDownloads: false })
        const close = (): void => void context.close().catch(() => undefined)
        signal.addEventListener('abort', close, { once: true })
        try {
          return await goThrough(await context.newPage(), { url, redirectUri: listener.redirectUri, account })
        } catch (error) {
          signal.throwIfAborted()
          return { why: `The browser failed: ${firstLine(error, account)}`, remedy: [], passed: [] }
        } finally {
          signal.removeEventListener('abort', close)
          await context.close().catch(() => undefined)
        }
      },
      close: async () => {
        await started?.then((browser) => browser.close()).catch(() => undefined)
        await listener.stop()
      },
    }
  }

/** Chromium’s own sandbox refuses to work for root. */
const browserFlags = (): string[] => [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The lines below the first tell what was typed. */
const firstLine = (error: unknown, { password }: TestAccount): string =>
  shortened((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').replaceAll(password, '…')

interface Journey {
  readonly url: string
  readonly redirectUri: string
  readonly account: TestAccount
}

const goThrough = async (page: Page, { url, redirectUri, account }: Journey): Promise<Visit> => {
  const passed: Exchange[] = []
  page.on('response', (response) => {
    const exchange = shownPage(response, page)
    if (exchange !== undefined) passed.push(exchange)
  })
  const done = { username: false, password: false }
  const stopped = async (why: string, ...remedy: readonly string[]): Promise<Visit> => {
    const { origin, pathname } = new URL(page.url())
    const words = shortened(await wordsOf(page)).replaceAll(account.password, '…')
    return { why: `${why}: ${origin}${pathname} shows “${words}”`, remedy, passed }
  }
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: PAGE_LIMIT }).catch((error: unknown) => {
    if (!isBack(page, redirectUri)) throw error
  })
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    await atRest(page, redirectUri)
    if (isBack(page, redirectUri)) return { landed: page.url(), passed }
    const deed = await nextDeed(page, account, done)
    if (deed.kind === 'refused') {
      return stopped('The OP does not take the password of the test account', 'Try the account in a browser of yours.')
    }
    if (deed.kind === 'none') {
      const remedy =
        'Go through this page once by hand with the test account, or leave --account out and log in yourself.'
      return stopped('The OP shows a page that nobody knows a way on from', remedy)
    }
    const before = await signatureOf(page)
    await deed.act()
    if (!(await untilOther(page, before))) return stopped('A page of the OP stays as it was, whatever is sent')
  }
  return stopped(`The OP shows more than ${MOST_PAGES} pages`)
}

/** Waits until the page stays the same for a moment: some are written by scripts. */
const atRest = async (page: Page, redirectUri: string): Promise<void> => {
  const deadline = performance.now() + PAGE_LIMIT
  let [last, since] = [await signatureOf(page), performance.now()]
  while (performance.now() < deadline && !isBack(page, redirectUri)) {
    await page.waitForTimeout(LOOK_AGAIN)
    const now = await signatureOf(page)
    if (now === last && performance.now() - since >= REST) return
    if (now !== last) [last, since] = [now, performance.now()]
  }
}

const untilOther = async (page: Page, before: string): Promise<boolean> => {
  const deadline = performance.now() + PAGE_LIMIT
  while (performance.now() < deadline) {
    if ((await signatureOf(page)) !== before) return true
    await page.waitForTimeout(LOOK_AGAIN)
  }
  return false
}

/** A page as it may be shown: without what was sent to it, and without the queries in which OPs keep their sessions. */
const shownPage = (response: Response, page: Page): Exchange | undefined => {
  const request = response.request()
  if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return undefined
  const location = response.headers()['location']
  const method = request.method() === 'POST' ? 'POST' : 'GET'
  return {
    question: { method, url: withoutQuery(request.url()) },
    answer: {
      status: response.status(),
      headers: location === undefined ? {} : { location: withoutQuery(new URL(location, request.url()).href) },
      text: '',
      url: withoutQuery(response.url()),
      milliseconds: 0,
    },
  }
}

const withoutQuery = (text: string): string => {
  const { origin, pathname, search, hash } = new URL(text)
  return `${origin}${pathname}${search === '' ? '' : '?…'}${hash === '' ? '' : '#…'}`
}
