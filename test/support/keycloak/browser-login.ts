import type { Page } from 'playwright-core'
import { WELCOME } from './browser-app.ts'

/** Types a name and a password into Keycloak's own page, and sends them. */
export const signIn = async (page: Page, username: string, password: string): Promise<void> => {
  await page.getByLabel('Username or email').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign In' }).click()
}

/**
 * Waits until the app shows its page.
 * @returns the address to which the browser was led back
 * @throws Error with the words of the page that it shows instead
 */
export const backInApp = async (page: Page): Promise<string> => {
  try {
    await page.getByRole('heading', { name: WELCOME }).waitFor()
  } catch (error) {
    const words = await page.locator('body').innerText()
    throw new Error(`Not back in the app but at ${page.url()}: ${words.slice(0, 1000)}`, { cause: error })
  }
  return page.url()
}
