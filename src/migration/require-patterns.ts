import type { Client } from 'pg'
import { wholePattern } from '../accounts/decisions/cohort.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { placeOfRule } from '../mapping/places.ts'
import { arePatterns } from '../postgres/patterns.ts'

interface NamedPattern {
  /** Where it stands in the mapping: `ghosts`, `0`. */
  readonly path: readonly string[]
  /** All of it must be a pattern, and so must what is matched. */
  readonly forms: readonly string[]
}

/**
 * Asks the source whether it understands every regular expression of the mapping: only PostgreSQL knows its own.
 * @param reader in a transaction, which stays usable.
 * @param wanted the namespaces of ghosts that are asked for: those of the mapping, and after them those of registrations.
 * @throws Syn2opError mapping.invalid, with every expression that is none.
 */
export const requirePatterns = async (
  reader: Client,
  mapping: Pick<Mapping, 'file' | 'ghosts' | 'cohorts' | 'placeOf'>,
  wanted: readonly string[] = mapping.ghosts,
): Promise<void> => {
  const { file, ghosts, cohorts } = mapping
  const patterns: readonly NamedPattern[] = [
    ...ghosts.map((pattern, n) => ({ path: ['ghosts', String(n)], forms: [pattern] })),
    ...cohorts.flatMap(({ match: { localparts = [] } }, position) =>
      localparts.map((pattern, n) => ({
        path: ['cohorts', String(position), 'match', 'localparts', String(n)],
        // Alone too: `a)|(b` is one only within the parentheses.
        forms: [pattern, wholePattern(pattern)],
      })),
    ),
  ]
  const problems: Problem[] = []
  for (const { path, forms } of patterns) {
    if (!(await arePatterns(reader, forms)))
      problems.push({
        message: `\`${path.join('.')}\`: PostgreSQL understands no such regular expression`,
        at: placeOfRule(mapping, ...path),
      })
  }
  for (const pattern of wanted.slice(ghosts.length)) {
    if (!(await arePatterns(reader, [pattern])))
      problems.push({
        message: `\`registrations\`: PostgreSQL does not understand ${pattern}, which stands for a namespace of an application service`,
        at: placeOfRule(mapping, 'registrations'),
      })
  }
  if (problems.length === 0) return
  throw new Syn2opError('mapping.invalid', `The mapping file ${file} is wrong`, {
    problems,
    next: ['Correct them and run the command again.'],
  })
}
