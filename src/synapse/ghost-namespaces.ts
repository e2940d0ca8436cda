import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { ApplicationService } from './homeserver.ts'
import { toPostgresPattern } from './python-regex.ts'

/**
 * The namespaces of users that application services have registered, as regular expressions of PostgreSQL's.
 * @param which exclusive: only those that nobody else may have users in.
 * @throws Syn2opError mapping.invalid, with every expression that PostgreSQL has no equal of, and its file.
 */
export const ghostNamespaces = (
  services: readonly ApplicationService[],
  which: 'exclusive' | 'all',
): readonly string[] => {
  const problems: Problem[] = []
  const patterns = services.flatMap(({ id, file, users }) =>
    users
      .filter(({ exclusive }) => exclusive || which === 'all')
      .flatMap(({ regex }) => {
        const pattern = toPostgresPattern(regex)
        if (typeof pattern === 'string') return [pattern]
        problems.push({
          message: `the namespace ${regex} of ${id} has no equal in PostgreSQL: it has ${pattern.fault}`,
          at: { file },
        })
        return []
      }),
  )
  if (problems.length > 0) {
    throw new Syn2opError(
      'mapping.invalid',
      'Namespaces of application services cannot be taken for ghosts as they are',
      {
        problems,
        next: [
          'Set `registrations: none` in the mapping, and name the namespaces in `ghosts:`, as PostgreSQL writes them.',
        ],
      },
    )
  }
  return [...new Set(patterns)]
}
