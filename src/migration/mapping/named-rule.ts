import type { Mapping } from '../../mapping/mapping.ts'
import type { NamedRule } from '../../report/mapping-documents.ts'

/** A rule by its path, with its line where the mapping was read from a file. */
export const namedRule = ({ placeOf }: Pick<Mapping, 'placeOf'>, ...path: readonly string[]): NamedRule => {
  const line = placeOf?.(path)?.line
  return { rule: path.join('.'), ...(line === undefined ? {} : { line }) }
}

/** Which rule a reason comes from; what has none is decided by the source itself. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  guest: ['accounts', 'guests'],
  deactivated: ['accounts', 'deactivated'],
  locked: ['accounts', 'locked'],
  no_login: ['accounts', 'without_login'],
  bot: ['accounts', 'bots'],
  username_missing: ['usernames', 'from'],
  username_collision: ['usernames', 'collision'],
  username_refused: ['usernames', 'from'],
  email_not_primary: ['emails', 'others'],
}

export const ruleOfReason = (mapping: Mapping, reason: string | undefined): NamedRule | undefined => {
  const path = reason === undefined || !Object.hasOwn(RULES, reason) ? undefined : RULES[reason]
  return path === undefined ? undefined : namedRule(mapping, ...path)
}
