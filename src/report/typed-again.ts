import { shellWord } from './resume-command.ts'

/** Flags with their values as they were given, by their names without dashes. */
export type GivenFlags = Readonly<Record<string, readonly string[]>>

/** What says from where to where a migration goes, and by which rules: whatever comes next is about the same. */
const ENDS = [
  'config',
  'synapse-config',
  'synapse-database',
  'target',
  'target-config',
  'target-database',
  'mapping',
  'runs-dir',
] as const

const OF_LINK = ['auth-provider', 'link-config', 'link-database'] as const

/** A line has more behind its command than flags, or belongs to commands that know no ends. */
const COMMAND =
  /^syn2op (auth0 (?:action|canary|prepare)|check|explain|keycloak prepare|link|migrate|plan|rollback|runs list|status|verify)(?= |$)(?!.*, or )/u

const ACKNOWLEDGE = new Set(['check', 'migrate', 'plan'])

/**
 * A command to type next, with those flags of the one that ends here without which it would look at something else, or be
 * refused for a warning that is acknowledged already. What it says itself stays as it is.
 */
export const typedAgain = (line: string, flags: GivenFlags = {}): string => {
  const command = COMMAND.exec(line)?.[1]
  if (command === undefined) return line
  const given = forOneOfTwo(line, command, flags)
  const names = [...ENDS.filter((name) => command !== 'check' || name !== 'runs-dir'), ...linkFlags(command)]
  const ends = names
    .filter((name) => !hasFlag(line, name))
    .flatMap((name) => (given[name] ?? []).map((value) => `--${name} ${shellWord(value)}`))
  const accepted = ACKNOWLEDGE.has(command)
    ? (given['accept'] ?? []).map((code) => `--accept ${shellWord(code)}`).filter((flag) => !line.includes(flag))
    : []
  return [line, ...ends, ...accepted].join(' ')
}

/** Of two targets the database is MAS's, and the links are written there. */
const forOneOfTwo = (line: string, command: string, given: GivenFlags): GivenFlags => {
  if ((given['target'] ?? []).length < 2) return given
  const { 'target-database': database, ...others } = given
  if (database === undefined) return given
  if (command === 'link') return { 'link-database': database, ...others }
  return hasFlag(line, 'target') && !line.includes(' --target mas') ? others : given
}

const linkFlags = (command: string): readonly string[] => (command === 'link' ? OF_LINK : [])

const hasFlag = (line: string, name: string): boolean => new RegExp(` --${name}[ =]`, 'u').test(line)
