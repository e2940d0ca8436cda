import { type Evidence, OP_DOCUMENTS, type QuestionName } from './evidence.ts'

/** Whoever is nobody to be reached, and how that showed. */
export interface Silence {
  readonly who: 'homeserver' | 'OP'
  readonly url: string
  readonly why: string
}

/** Of a homeserver: that .well-known answers at its name says nothing of it. */
export const ANSWERED_BY_HOMESERVERS = [
  'versions',
  'serverVersion',
  'metadataStable',
  'metadataUnstable',
  'login',
  'whoami',
] as const satisfies readonly QuestionName[]

/** That the homeserver, or the OP where only that was asked, answered nothing at all; undefined where it did. */
export const silenceOf = ({ asked, baseUrl }: Evidence): Silence | undefined => {
  const ofHomeserver = baseUrl !== undefined
  const exchanges = (ofHomeserver ? ANSWERED_BY_HOMESERVERS : OP_DOCUMENTS).flatMap((name) => asked[name] ?? [])
  const [first] = exchanges
  if (first?.failure === undefined || exchanges.some(({ answer }) => answer !== undefined)) return undefined
  return { who: ofHomeserver ? 'homeserver' : 'OP', url: baseUrl ?? first.question.url, why: first.failure.why }
}
