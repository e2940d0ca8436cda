import { Syn2opError } from '../errors/syn2op-error.ts'
import type { GivenValues } from './given-value.ts'
import { rulesOf, SETTING_KEYS } from './settings.ts'
import { VALUE_KINDS, type ValueKind } from './value-kinds.ts'

const holdsPassword = (text: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s@]+@/iu.test(text) || /[?&\s]?(?:ssl)?password\s*=/iu.test(text)

/** A flag gives a text, of which the file has the number. */
const isNumber = (kind: ValueKind): boolean => kind === 'count' || kind === 'number' || kind === 'rate'

/**
 * What the command line gave.
 * @throws Syn2opError usage.password-in-flag: a process list and a shell's history would keep the password.
 */
export const flagValues = (flags: Readonly<Record<string, unknown>>, folder: string): GivenValues => {
  const given: GivenValues = {}
  for (const key of SETTING_KEYS) {
    const { flag, secret, environment, kind } = rulesOf(key)
    const raw = flag === undefined ? undefined : flags[flag]
    if (raw === undefined) continue
    if (secret === true && typeof raw === 'string' && holdsPassword(raw)) {
      throw new Syn2opError(
        'usage.password-in-flag',
        `--${flag} carries a password, which others can read in the process list`,
        {
          next: [
            `Leave the password out of --${flag} and put it into ~/.pgpass or PGPASSWORD,`,
            `or give the whole URL as ${environment}, or in a file that ${environment}_FILE names,`,
            `or write it into syn2op.yaml as ${key}, or name the file that holds it there as ${key}File.`,
          ],
        },
      )
    }
    given[key] = {
      raw: isNumber(kind) && typeof raw === 'string' ? VALUE_KINDS[kind].fromText(raw) : raw,
      origin: `--${flag}`,
      folder,
    }
  }
  return given
}
