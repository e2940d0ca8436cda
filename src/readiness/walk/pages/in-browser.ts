import type { Browser, Page, Response } from 'playwright-core'
import type { Exchange } from '../../http/exchange.ts'
import { shortened } from '../oauth-errors.ts'
import type { FoundBrowser } from './find-browser.ts'
import { type Deed, isBack, nextDeed, signatureOf, type Typed, wordsOf } from './forms.ts'
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
const firstLine = (error: unknown, { password }: TestAccount): string => {
  const line = shortened((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '')
  return line.includes(password) ? 'what it says has the password in it' : line
}

interface Journey {
  readonly url: string
  readonly redirectUri: string
  readonly account: TestAccount
}

type Stopped = Visit & { readonly landed?: undefined }

const STAYS = 'A page of the OP stays as it was, whatever is sent'
const TRY_BY_HAND = 'Try the account in a browser of yours.'

const goThrough = async (page: Page, { url, redirectUri, account }: Journey): Promise<Visit> => {
  const passed: Exchange[] = []
  page.on('response', (response) => {
    const exchange = shownPage(response, page)
    if (exchange !== undefined) passed.push(exchange)
  })
  const done: Typed = {}
  let waitedSince: number | undefined
  const stopped = async (why: string, ...remedy: readonly string[]): Promise<Stopped> => {
    const words = await wordsOf(page)
    // A mask in its place would tell which word of the page it is.
    const shown = words.includes(account.password) ? 'words with the password in them' : `“${shortened(words)}”`
    return { why: `${why}: ${withoutQuery(page.url())} shows ${shown}`, remedy, passed }
  }
  const refused = async (): Promise<Visit> => ({
    ...(await stopped('The OP does not take the password of the test account', TRY_BY_HAND)),
    end: 'refused',
  })
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: PAGE_LIMIT }).catch((error: unknown) => {
    if (!isBack(page, redirectUri)) throw error
  })
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    await atRest(page, redirectUri)
    if (isBack(page, redirectUri)) return { landed: page.url(), passed }
    // Amid a navigation nothing can be found out of a page.
    const deed = await nextDeed(page, account, done).catch((error: unknown): Deed => {
      if (page.isClosed()) throw error
      return { kind: 'wait' }
    })
    if (deed.kind === 'wait') {
      waitedSince ??= performance.now()
      if (performance.now() - waitedSince > PAGE_LIMIT) {
        return done.password === undefined ? stopped(STAYS) : { ...(await stopped(STAYS, TRY_BY_HAND)), end: 'refused' }
      }
      pages--
      await page.waitForTimeout(LOOK_AGAIN)
      continue
    }
    waitedSince = undefined
    if (deed.kind === 'refused') return refused()
    if (deed.kind === 'in clear text') {
      const to = `The password of the test account would go in clear text to ${withoutQuery(deed.to)}`
      return { why: to, remedy: ['Let every page of the OP be reached by https alone.'], passed, end: 'refused' }
    }
    if (deed.kind === 'none') {
      const remedy =
        'Go through this page once by hand with the test account, or leave --account out and log in yourself.'
      return stopped('The OP shows a page that nobody knows a way on from', remedy)
    }
    const before = await signatureOf(page)
    await deed.act()
    if (!(await untilOther(page, before))) return stopped(STAYS)
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
