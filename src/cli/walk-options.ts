import { Syn2opError } from '../errors/syn2op-error.ts'
import type { WalkOptions } from '../readiness/walk/walk.ts'
import { SHORTEST } from '../readiness/walk/without-secrets.ts'

interface WalkFlags {
  readonly 'account'?: string | undefined
  readonly 'browser'?: string | undefined
  readonly 'client-id'?: string | undefined
}

const FORM = 'username password'

/**
 * What the flags of `readiness --walk` say of its test account, browser and client.
 * @throws Syn2opError usage, config.unreadable
 */
export const walkOptions = async (
  flags: WalkFlags,
): Promise<Pick<WalkOptions, 'account' | 'browser' | 'clientId' | 'scopes'>> => {
  const { account: file, browser, 'client-id': clientId } = flags
  if (browser !== undefined && file === undefined) {
    throw new Syn2opError('usage', '--browser is for a test account, and none is given', {
      next: ['Give the account too: --account FILE', 'Or leave --browser out, and log in in a browser of yours.'],
    })
  }
  if (file !== undefined) {
    // Else every question would be asked before the walk finds that there is none.
    const { findBrowser } = await import('../readiness/walk/pages/find-browser.ts')
    await findBrowser(browser)
  }
  return {
    scopes: 'both',
    ...(file === undefined ? {} : { account: await readAccount(file) }),
    ...(browser === undefined ? {} : { browser: { executable: browser } }),
    ...(clientId === undefined ? {} : { clientId }),
  }
}

/** One line, a name or a Matrix id and all behind the first blank as the password. */
const readAccount = async (file: string): Promise<NonNullable<WalkOptions['account']>> => {
  const { readProtected } = await import('../migration/proofs/protected-file.ts')
  const text = await readProtected(file, '--account')
  const lines = text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const [, username, password] = /^(\S+)[ \t](.+)$/su.exec(lines[0] ?? '') ?? []
  if (lines.length !== 1 || username === undefined || password === undefined) {
    throw new Syn2opError('usage', `--account: ${file} does not hold one test account`, {
      next: [`Write one line into it: ${FORM}`],
    })
  }
  if (password.length < SHORTEST) {
    throw new Syn2opError('usage', `--account: the password in ${file} has fewer than ${SHORTEST} characters`, {
      next: ['Give the test account a longer one: one as short could not be hidden where a server repeats it.'],
    })
  }
  return { username, password }
}
