import type { ReadinessStep } from '../../report/readiness-document.ts'
import { isWebAddress, withParameters } from '../gather/addresses.ts'
import type { Exchange } from '../http/exchange.ts'
import type { WalkMetadata } from './metadata.ts'
import { explainError, refusalOf, shortened } from './oauth-errors.ts'
import type { Login, Pages } from './pages/pages.ts'
import { newPledge, type Pledge } from './pkce.ts'
import type { WalkClient } from './registration.ts'
import { SCOPE_USERS, type ScopeName } from './scopes.ts'
import { failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'
import { SHORTEST } from './without-secrets.ts'

/** A code, and what it is exchanged with; a secret. */
export interface Grant {
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
}

export interface Authorization {
  readonly step: ReadinessStep
  readonly grant?: Grant
  /** Where the OP answered with an error. */
  readonly error?: string
  /** A code that nobody redeems: the OP may have made a session already. */
  readonly isCodeLeft?: true
  /** Where another login would end so too, and is not tried. */
  readonly end?: 'refused' | 'nobody'
}

/** Where the OP's answer is expected. */
interface Awaited {
  readonly redirectUri: string
  readonly state: string
  readonly issuer: string | undefined
}

interface Judged {
  readonly code?: string
  readonly error?: string
  readonly troubles: readonly Trouble[]
}

/** As Element X asks: without response_mode, so that the answer is expected in the query; its own scopes with prompt=consent. */
const authorizationUrl = (
  metadata: WalkMetadata,
  client: WalkClient,
  asked: { readonly name: ScopeName; readonly scope: string; readonly redirectUri: string; readonly pledge: Pledge },
): string =>
  withParameters(metadata.authorization, {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: asked.redirectUri,
    scope: asked.scope,
    state: asked.pledge.state,
    code_challenge: asked.pledge.challenge,
    code_challenge_method: 'S256',
    ...(asked.name === 'unstable' ? { prompt: 'consent' } : {}),
  })

interface Way {
  readonly metadata: WalkMetadata
  readonly client: WalkClient
  readonly pages: Pages
}

export const authorize = async (
  surroundings: Surroundings,
  { metadata, client, pages }: Way,
  asked: { readonly step: string; readonly name: ScopeName; readonly scope: string; readonly login: Login },
): Promise<Authorization> => {
  const since = performance.now()
  const { secrets } = surroundings
  const pledge = newPledge()
  const { redirectUri } = pages
  secrets.add(pledge.verifier).add(pledge.state)
  const url = authorizationUrl(metadata, client, { ...asked, redirectUri, pledge })
  const there = { url, state: pledge.state, login: asked.login }
  const { landed, passed, trouble, end } = await goThere(surroundings, pages, there)
  surroundings.signal.throwIfAborted()
  const awaited = { redirectUri, state: pledge.state, issuer: metadata.issuer }
  const { code, error, troubles }: Judged =
    landed === undefined ? { troubles: trouble === undefined ? [] : [trouble] } : judgeLanding(landed, awaited)
  if (code !== undefined && code.length >= SHORTEST) secrets.add(code)
  return {
    step: stepOf(asked.step, since, {
      exchanges: passed,
      seen: `The OP gives a code for the scopes of ${SCOPE_USERS[asked.name]}, and sends it back to the client`,
      troubles,
    }),
    ...(error === undefined ? {} : { error }),
    ...(end === undefined ? {} : { end }),
    ...(code !== undefined && troubles.length > 0 ? { isCodeLeft: true } : {}),
    ...(code === undefined || troubles.length > 0 ? {} : { grant: { code, verifier: pledge.verifier, redirectUri } }),
  }
}

interface Passed {
  readonly passed: readonly Exchange[]
  readonly landed?: string
  readonly trouble?: Trouble
  readonly end?: 'refused' | 'nobody'
}

/** Asks first: errors that need nobody, such as unknown scopes, come at once. Then through the pages. */
const goThere = async (
  surroundings: Surroundings,
  pages: Pages,
  { url, state, login }: { readonly url: string; readonly state: string; readonly login: Login },
): Promise<Passed> => {
  const first = await surroundings.ask({ method: 'GET', url, redirects: 'shown', secrets: [state] })
  const { answer } = first
  if (answer === undefined) {
    return { passed: [first], trouble: failure(`The authorization endpoint did not answer: ${first.failure.why}`) }
  }
  if (answer.status >= 400) {
    const why = `The authorization endpoint shows an error page: ${refusalOf(answer)}`
    const remedy = 'The OP’s log, or the page itself in a browser, says what it does not take.'
    return { passed: [first], trouble: failure(why, remedy) }
  }
  const atOnce = URL.parse(answer.headers['location'] ?? '', url)
  if (answer.status >= 300 && atOnce !== null && isAnswer(atOnce)) return { passed: [first], landed: atOnce.href }
  const visit = await pages.visit(url, surroundings, login)
  const passed = [first, ...visit.passed]
  return visit.landed === undefined
    ? { passed, trouble: failure(visit.why, ...visit.remedy), ...(visit.end === undefined ? {} : { end: visit.end }) }
    : { passed, landed: visit.landed }
}

/** Whether an address carries the end of an authorization, wherever it leads. */
const isAnswer = ({ searchParams, hash }: URL): boolean => {
  const fragment = new URLSearchParams(hash.slice(1))
  return ['code', 'error'].some((name) => searchParams.has(name) || fragment.has(name))
}

/** Judges the address to which the OP sends people back. The code is there also where something else is wrong. */
const judgeLanding = (landed: string, { redirectUri, state, issuer }: Awaited): Judged => {
  const [url, expected] = [new URL(landed), new URL(redirectUri)]
  const parameters = url.searchParams
  const code = parameters.get('code') ?? new URLSearchParams(url.hash.slice(1)).get('code') ?? undefined
  const withCode = code === undefined ? {} : { code }
  if (url.origin !== expected.origin || url.pathname !== expected.pathname) {
    const where = isWebAddress(landed) ? `${url.origin}${url.pathname}` : `an address of ${url.protocol}`
    const said = errorIn(parameters)
    const words = `The OP sends people to ${where}, not to ${redirectUri}`
    if (said === undefined) return { ...withCode, troubles: [failure(words)] }
    return { ...withCode, error: said.error, troubles: [failure(`${words}, with an error: ${said.words}`)] }
  }
  if (!parameters.has('code') && !parameters.has('error')) return { ...withCode, troubles: [notInQuery(url)] }
  const states = parameters.getAll('state')
  if (states.length !== 1 || states[0] !== state) {
    const what = states.length === 0 ? 'without the state' : 'with another state than'
    return { ...withCode, troubles: [failure(`The OP answers ${what} that it was given: every client refuses that`)] }
  }
  const said = errorIn(parameters)
  if (said !== undefined)
    return { error: said.error, troubles: [failure(`The OP refuses the authorization: ${said.words}`)] }
  const iss = parameters.get('iss')
  if (iss !== null && issuer !== undefined && iss !== issuer) {
    const words = `The OP calls itself ${shortened(iss)} in its answer, and ${issuer} in its metadata: clients that look refuse that (RFC 9207)`
    return { ...withCode, troubles: [failure(words)] }
  }
  return { ...withCode, troubles: [] }
}

const errorIn = (parameters: URLSearchParams): { readonly error: string; readonly words: string } | undefined => {
  const error = parameters.get('error')
  if (error === null) return undefined
  return { error, words: explainError(error, parameters.get('error_description') ?? undefined) }
}

const notInQuery = ({ hash }: URL): Trouble =>
  /[#&](?:code|error)=/u.test(hash)
    ? failure(
        'The OP puts its answer into the fragment of the address, though no response_mode was asked for: Element X reads the query only',
        'Let the OP answer in the query by default, as OAuth has it for codes.',
      )
    : failure(
        'The OP’s answer holds neither a code nor an error: it may be in the fragment, which Element X does not read',
      )
