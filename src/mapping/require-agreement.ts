import { isDeepStrictEqual } from 'node:util'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from './mapping.ts'

/** Rules by which an account migrates or does not, by their places in the file. */
const WHO: readonly { readonly path: readonly string[]; readonly of: (mapping: Mapping) => unknown }[] = [
  { path: ['accounts', 'guests'], of: ({ accounts }) => accounts.guests },
  { path: ['accounts', 'deactivated'], of: ({ accounts }) => accounts.deactivated },
  { path: ['accounts', 'locked'], of: ({ accounts }) => accounts.locked },
  { path: ['accounts', 'without_login'], of: ({ accounts }) => accounts.withoutLogin },
  { path: ['accounts', 'bots'], of: ({ accounts }) => accounts.bots ?? 'migrate' },
  { path: ['ghosts'], of: ({ ghosts }) => ghosts },
  { path: ['registrations'], of: ({ registrations }) => registrations ?? 'none' },
  { path: ['cohorts'], of: ({ cohorts }) => cohorts },
]

/**
 * Two targets get the same people: an account of one of them that nobody can log in to by the other is lost to its owner.
 * Guests are left out, since nobody logs in as one: where people log in they may be held back, whatever the other rules say.
 * @param logins of the target where people log in.
 * @throws Syn2opError mapping.invalid with every rule that differs.
 */
export const requireAgreement = (logins: Mapping, accounts: Mapping): void => {
  const problems = WHO.flatMap(({ path, of }): readonly Problem[] => {
    const [first, second] = [of(logins), of(accounts)]
    if (isDeepStrictEqual(first, second)) return []
    if (path[1] === 'guests' && logins.accounts.guests === 'hold_back') return []
    const at = accounts.placeOf?.(path)
    return [
      {
        message: `\`${path.join('.')}\` is ${said(second)} here, and ${said(first)} in ${logins.file}`,
        at: at ?? { file: accounts.file },
      },
    ]
  })
  if (problems.length === 0) return
  throw new Syn2opError('mapping.invalid', 'The two mappings do not agree on who migrates', {
    problems,
    next: ['Give both the same rules: other people would be at one target than at the other.'],
  })
}

/** Lists are named where they are short. */
const said = (value: unknown): string => {
  if (typeof value === 'string') return value
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : 'another list'
}
