import { access, constants } from 'node:fs/promises'
import type { BrowserType } from 'playwright-core'
import { Syn2opError } from '../../../errors/syn2op-error.ts'

/** A browser of Chromium's kind, and what drives it. */
export interface FoundBrowser {
  readonly driver: BrowserType
  readonly executable: string
}

/** Where systems put them. */
const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
]

const BY_HAND = 'Or leave --account out, and log in yourself at the address that is shown.'

/** @throws Syn2opError usage where there is none, or nothing to drive it. */
export const findBrowser = async (given: string | undefined): Promise<FoundBrowser> => {
  const driver = await findDriver()
  for (const executable of given === undefined ? USUAL : [given]) {
    if (await isExecutable(executable)) return { driver, executable }
  }
  throw given === undefined
    ? new Syn2opError('usage', '--account needs a browser, and none is where browsers usually are', {
        next: ['Install Chromium or Chrome, or name it: --browser FILE', BY_HAND],
      })
    : new Syn2opError('usage', `--browser: ${given} is no program that can be started`, {
        next: ['Name the program of Chromium, Chrome or Edge itself, such as /usr/bin/chromium', BY_HAND],
      })
}

/** The package is optional: whoever needs no browser need not have it. */
const findDriver = async (): Promise<BrowserType> => {
  try {
    return (await import('playwright-core')).chromium
  } catch (cause) {
    throw new Syn2opError('usage', '--account needs the package playwright-core, which is not installed', {
      cause,
      next: ['Install it beside syn2op: npm install playwright-core', BY_HAND],
    })
  }
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
