import type { ReadinessConfiguration, ReadinessMessage, ReadinessWalk } from '../report/readiness-document.ts'
import { mask } from './http/masked-text.ts'
import type { Subject } from './subject.ts'

/** Everything that is asked with and shown to nobody. */
export const secretsOf = ({ masSecret, accessToken, applicationServices = [] }: Subject): readonly string[] =>
  [masSecret, accessToken, ...applicationServices.map(({ token }) => token)].flatMap((secret) => secret ?? [])

/** Shorter ones are words of everyday, and stand in our own. */
const SHORTEST = 8

/** A walk with these secrets masked too: each in what was asked and answered, and those that are no words in what is said of it. */
export const maskedWalk = (walk: ReadinessWalk, secrets: readonly string[]): ReadinessWalk => {
  const plain = (text: string): string => mask(text, secrets)
  const said = (text: string): string => mask(text, longOf(secrets))
  const message = ({ line, headers, body }: ReadinessMessage): ReadinessMessage => ({
    line: plain(line),
    headers: headers.map(plain),
    ...(body === undefined ? {} : { body: plain(body) }),
  })
  return {
    ...walk,
    steps: walk.steps.map((step) => ({
      ...step,
      words: said(step.words),
      remedy: step.remedy.map(said),
      messages: step.messages.map(({ request, answer, failure }) => ({
        request: message(request),
        ...(answer === undefined ? {} : { answer: message(answer) }),
        ...(failure === undefined ? {} : { failure: said(failure) }),
      })),
    })),
  }
}

/** What was read in homeserver.yaml: paths and our own words, where no value of it stands; a long secret is masked all the same. */
export const maskedConfiguration = (
  { conflicts, ...configuration }: ReadinessConfiguration,
  secrets: readonly string[],
): ReadinessConfiguration => ({
  ...configuration,
  conflicts: conflicts.map((conflict) => ({ ...conflict, change: mask(conflict.change, longOf(secrets)) })),
})

const longOf = (secrets: readonly string[]): readonly string[] => secrets.filter(({ length }) => length >= SHORTEST)
