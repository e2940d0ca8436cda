import { pagesByHand } from './by-hand.ts'
import { findBrowser } from './find-browser.ts'
import { pagesInBrowser } from './in-browser.ts'
import type { OpenPages, TestAccount } from './pages.ts'

/**
 * With a test account a browser goes through the pages, else a person does.
 * @throws Syn2opError usage where there is no browser
 */
export const choosePages =
  ({
    account,
    browser,
  }: {
    readonly account?: TestAccount
    readonly browser?: { readonly executable?: string }
  }): OpenPages =>
  async () =>
    account === undefined ? pagesByHand() : pagesInBrowser(account, await findBrowser(browser?.executable))()
