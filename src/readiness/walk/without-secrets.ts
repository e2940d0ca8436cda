import type { ReadinessMessage, ReadinessWalk } from '../../report/readiness-document.ts'
import { mask } from '../http/masked-text.ts'

/** A shorter one is a word, or a letter, of everyday: to mask it everywhere would tell where it stands. */
export const SHORTEST = 8

/** A walk in which nothing that became known as a secret on the way is readable, wherever a server repeated it. */
export const withoutSecrets = (walk: ReadinessWalk, secrets: ReadonlySet<string>): ReadinessWalk => {
  const hidden = [...secrets]
  const plain = (text: string): string => mask(text, hidden)
  const message = ({ line, headers, body }: ReadinessMessage): ReadinessMessage => ({
    line: plain(line),
    headers: headers.map(plain),
    ...(body === undefined ? {} : { body: plain(body) }),
  })
  return {
    ...walk,
    steps: walk.steps.map((step) => ({
      ...step,
      words: plain(step.words),
      remedy: step.remedy.map(plain),
      messages: step.messages.map(({ request, answer, failure }) => ({
        request: message(request),
        ...(answer === undefined ? {} : { answer: message(answer) }),
        ...(failure === undefined ? {} : { failure: plain(failure) }),
      })),
    })),
  }
}
