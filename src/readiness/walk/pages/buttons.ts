import type { Locator, Page } from 'playwright-core'

const SUBMIT = 'button[type=submit]:visible, input[type=submit]:visible, button:not([type]):visible'

/** How pages of consent call the way on. */
const ONWARDS = /^\s*(?:continue|allow|accept|authori[sz]e|approve|agree|consent|grant|yes|ok|next|proceed)\b/iu

/** Goes back, to another account or provider, or does what nobody asked for. */
const ELSEWHERE =
  /\b(?:abort|back|cancel|close|create|deactivate|decline|delete|deny|disagree|forgot|log\s*-?out|register|reject|refuse|remove|reset|resend|revoke|sign\s*-?(?:out|up)|with(?!\s+(?:a\s+|your\s+|my\s+)?(?:e-?mail|password|username)))\b/iu

/** Into which something can be typed. */
const TYPED = [
  'textarea:visible',
  `input:visible${['hidden', 'submit', 'button', 'image', 'reset', 'checkbox', 'radio', 'color', 'range', 'file'].map((type) => `:not([type=${type} i])`).join('')}`,
].join(', ')

/** The button that sends a form with what was typed; undefined where none is, or only ones that do something else. */
export const submitOf = (page: Page, field: Locator): Promise<Locator | undefined> =>
  firstOnwards(page.locator('form').filter({ has: field }).locator(SUBMIT))

/** The way on from a page on which nothing has to be typed: a button that is called so, else one that stands alone. */
export const wayOn = async (page: Page): Promise<Locator | undefined> => {
  if ((await page.locator(TYPED).count()) > 0) return undefined
  const named = await firstOnwards(page.locator('[type=submit][name=accept]:visible'))
  const called = named ?? (await firstOnwards(page.getByRole('button', { name: ONWARDS })))
  if (called !== undefined) return called
  const submits = page.locator(SUBMIT)
  return (await submits.count()) === 1 ? firstOnwards(submits) : undefined
}

/** Whether a button of the page cannot be pressed yet. */
export const isBusy = async (page: Page): Promise<boolean> =>
  (await page.locator('button:disabled:visible, input[type=submit]:disabled:visible').count()) > 0

const firstOnwards = async (buttons: Locator): Promise<Locator | undefined> => {
  for (const button of await buttons.all()) {
    const words = await Promise.all([
      button.innerText(),
      ...['aria-label', 'title', 'name', 'value'].map((name) => button.getAttribute(name)),
    ])
    if (!ELSEWHERE.test(words.map((word) => word ?? '').join(' ; '))) return button
  }
  return undefined
}
