import type { ApplicationService } from '../../../synapse/homeserver.ts'
import { isInNamespace } from './namespace-pieces.ts'

/**
 * Whether another name for somebody is in the masked namespaces of the same application services, and in no other.
 * @param masked of a regular expression; undefined as long as it is not known.
 */
export const fittingNames = (
  services: readonly ApplicationService[],
  {
    serverName,
    masked,
    maskedServer,
  }: {
    readonly serverName: string
    readonly masked: (regex: string) => string
    readonly maskedServer: () => string
  },
): ((localpart: string, other: string) => boolean) => {
  const regexes = [...new Set(services.flatMap(({ users }) => users.map(({ regex }) => regex)))]
  let tests: readonly { readonly before: Test; readonly after: Test }[] | undefined
  const all = () =>
    regexes.flatMap((regex) => {
      const [before, after] = [isInNamespace(regex), isInNamespace(masked(regex))]
      return before === undefined || after === undefined ? [] : [{ before, after }]
    })
  return (localpart, other) => {
    tests ??= all()
    const [first, second] = [`@${localpart}:${serverName}`, `@${other}:${maskedServer()}`]
    return tests.every(({ before, after }) => before(first) === after(second))
  }
}

type Test = (mxid: string) => boolean
