import { Syn2opError } from '../errors/syn2op-error.ts'
import type { SyntheticDescription, SyntheticHomeserver } from '../rehearsal/synthetic/people.ts'
import { problemsOf } from '../rehearsal/synthetic/problems.ts'
import { readable } from './readable.ts'

const SERVER_NAME = 'demo.example'

/**
 * A homeserver that is made up, for a test: people whom you describe, and beside them as many others as you like. Nothing is started;
 * `rehearse` makes it. Tokens, and what is not said, are the same each time.
 * @throws Syn2opError config.invalid with every problem and its place, as `people[2].emails[0]`
 */
export const syntheticHomeserver = (description: SyntheticDescription = {}): SyntheticHomeserver => {
  const problems = problemsOf(description)
  if (problems.length > 0) {
    throw readable(
      new Syn2opError('config.invalid', 'The synthetic homeserver is wrong', {
        problems: problems.map((message) => ({ message })),
        next: ['docs/how-to/test-your-mapping.md shows what can be said.'],
      }),
    )
  }
  const { serverName = SERVER_NAME, people = [] } = description
  return { ...description, serverName, people, mxid: (localpart) => `@${localpart}:${serverName}` }
}
