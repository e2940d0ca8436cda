import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where Debian's package puts it. */
const DEBIAN = '/usr/bin/chromium'

/** SYN2OP_TEST_CHROMIUM names another one. */
const executable = (): string => process.env['SYN2OP_TEST_CHROMIUM'] ?? DEBIAN

/** SYN2OP_TEST_REQUIRE=chromium (or all): a test in a browser must not be skipped. */
const required = (): boolean => ['all', 'chromium'].includes(process.env['SYN2OP_TEST_REQUIRE'] ?? '')

/** Why tests in a browser are skipped here; undefined when they are not, or must not be. */
export const whyNoChromium = (): string | undefined =>
  required() || existsSync(executable()) ? undefined : `there is no ${executable()}`

/** A browser with a profile of its own, which asks nobody about anything. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executable(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** How wide a page is looked at: a telephone and a desk. */
export const WIDTHS = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } } as const

export const SCHEMES = ['light', 'dark'] as const
