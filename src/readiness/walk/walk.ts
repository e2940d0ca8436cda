import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadinessStep, ReadinessWalk } from '../../report/readiness-document.ts'
import { isPrivate } from '../gather/addresses.ts'
import { createAsk } from '../http/ask.ts'
import type { Ask } from '../http/exchange.ts'
import { mask } from '../http/masked-text.ts'
import { type Authorization, authorize } from './authorization.ts'
import { cleanUp } from './clean-up.ts'
import { type FoundMetadata, findMetadata, type WalkMetadata } from './metadata.ts'
import { choosePages } from './pages/choose-pages.ts'
import type { Login, OpenPages, Pages, TestAccount } from './pages/pages.ts'
import { newDeviceId } from './pkce.ts'
import { refreshAgain, refreshTokens } from './refresh.ts'
import { register, type WalkClient } from './registration.ts'
import { logOut } from './revocation.ts'
import { LOGS_IN_AS, type ScopeName, scopeOf } from './scopes.ts'
import { exchangeCode, type Held, type Tokens } from './token.ts'
import { type Surroundings, skipped } from './walk-step.ts'
import { askWhoami } from './whoami.ts'
import { SHORTEST, withoutSecrets } from './without-secrets.ts'

export interface WalkOptions {
  /** Without an `Origin`: a native client sends none. */
  readonly ask: Ask
  /** The same without the signal: ends sessions, also after Ctrl-C. Its own unless it is given. */
  readonly askToEnd?: Ask
  readonly baseUrl?: string
  readonly serverName?: string
  readonly issuer?: string
  /** A public client that was registered before. */
  readonly clientId?: string
  /** Logs in by itself; without it a person does, at the address that is told. */
  readonly account?: TestAccount
  readonly browser?: { readonly executable?: string }
  readonly scopes: 'stable' | 'unstable' | 'both'
  readonly signal: AbortSignal
  /** For the person who waits: one line. */
  readonly note: (words: string) => void
  /** How people's pages are gone through; a browser or a person unless it is given. */
  readonly openPages?: OpenPages
  /** Waits milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<void>
}

interface Way {
  readonly found: FoundMetadata
  readonly metadata: WalkMetadata
  readonly client: WalkClient
  readonly pages: Pages
  readonly username?: string
  /** Of every login, so that none stays; also what may be there. */
  readonly sessions: Held[]
}

/**
 * Goes a client's whole way. Whatever happens, no session stays at the OP as far as that can be helped.
 * @throws Syn2opError usage where there is no browser for a test account; the signal's reason
 */
export const walk = async (options: WalkOptions): Promise<ReadinessWalk> => {
  const { signal, note, account } = options
  const secrets = new Set(account === undefined || account.password.length < SHORTEST ? [] : [account.password])
  const surroundings: Surroundings = {
    ask: options.ask,
    askToEnd: options.askToEnd ?? createAsk({ signal: new AbortController().signal }),
    signal,
    note,
    secrets,
    wait: options.wait ?? ((milliseconds) => sleep(milliseconds, undefined, { signal })),
  }
  const pages = await (options.openPages ?? choosePages(options))()
  try {
    const steps = await goAll(surroundings, options, pages)
    return withoutSecrets({ as: 'a native client on this machine', outcome: outcomeOf(steps), steps }, secrets)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await pages.close()
  }
}

const outcomeOf = (steps: readonly ReadinessStep[]): ReadinessWalk['outcome'] => {
  const has = (outcome: ReadinessStep['outcome']): boolean => steps.some((step) => step.outcome === outcome)
  return has('failed') ? 'failed' : has('differs') ? 'differs' : 'passed'
}

const goAll = async (
  surroundings: Surroundings,
  options: WalkOptions,
  pages: Pages,
): Promise<readonly ReadinessStep[]> => {
  const found = await findMetadata(surroundings, options)
  const { metadata } = found
  if (metadata === undefined) return [found.step]
  const baseUrl = found.homeserver
  const registered = await register(surroundings, metadata, {
    ...(options.clientId === undefined ? {} : { clientId: options.clientId }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  })
  const { client } = registered
  if (client === undefined) return [found.step, registered.step]
  const sessions: Held[] = []
  const { account } = options
  const way: Way = {
    found,
    metadata,
    client,
    pages,
    sessions,
    ...(account === undefined ? {} : { username: account.username }),
  }
  const steps: ReadinessStep[] = [found.step, registered.step]
  try {
    steps.push(...(await goScopes(surroundings, way, options.scopes)))
  } catch (error) {
    // No step is shown any more.
    const { step, leaves } = await cleanUp(surroundings, { metadata, client, sessions })
    const words = [step.words, ...step.remedy].join('. ')
    if (leaves === 'something') surroundings.note(mask(words, [...surroundings.secrets]))
    throw error
  }
  const { step } = await cleanUp(surroundings, { metadata, client, sessions })
  return [...steps, step]
}

/** Both spellings of the scopes, the first at length; where the OP knows neither, the way goes on without. */
const goScopes = async (
  surroundings: Surroundings,
  way: Way,
  scopes: WalkOptions['scopes'],
): Promise<readonly ReadinessStep[]> => {
  const names: readonly ScopeName[] = scopes === 'both' ? ['unstable', 'stable'] : [scopes]
  const gone: { readonly authorization: Authorization; readonly after: readonly ReadinessStep[] }[] = []
  for (const [index, name] of names.entries()) {
    const end = gone.find(({ authorization }) => authorization.end !== undefined)?.authorization.end
    if (end !== undefined) {
      gone.push({ authorization: { step: skipped(`authorization, ${name} scope`, NOT_TRIED[end]) }, after: [] })
      continue
    }
    const isFirst = gone.every(({ authorization }) => authorization.grant === undefined)
    const login = { as: LOGS_IN_AS[name], number: index + 1, of: names.length }
    gone.push(await goScope(surroundings, way, { name, length: isFirst ? 'whole' : 'short', login }))
  }
  const isUnknown = gone.every(({ authorization }) => authorization.error === 'invalid_scope')
  if (!isUnknown) return gone.flatMap(({ authorization, after }) => [authorization.step, ...after])
  const login = { as: LOGS_IN_AS.plain, number: 1, of: 1 }
  const plain = await goScope(surroundings, way, { name: 'plain', length: 'whole', login })
  return [...gone.map(({ authorization: { step } }) => withoutMatrix(step)), plain.authorization.step, ...plain.after]
}

const NOT_TRIED = {
  refused: 'Not tried: the test account would be refused once more, and OPs lock accounts for that',
  nobody: 'Not tried: nobody came for the first login',
} as const

/** An OP without the scopes of Matrix is no OP for a homeserver; the rest of the way is shown all the same. */
const withoutMatrix = (step: ReadinessStep): ReadinessStep => ({
  ...step,
  outcome: 'differs',
  words: `${step.words}. The way goes on with the scope openid, to show the rest`,
  remedy: [
    'A homeserver wants the scopes of Matrix from its OP: MAS and the OPs within Tuwunel and continuwuity have them. Synapse takes tokens of MAS only: put MAS between, with this OP as its upstream provider.',
    'Keycloak gets them by the feature parameterized-scopes and client scopes named urn:matrix:client:api:* and urn:matrix:client:device (the same for urn:matrix:org.matrix.msc2967.client), of use to homeservers that take its tokens.',
  ],
})

const goScope = async (
  surroundings: Surroundings,
  way: Way,
  { name, length, login }: { readonly name: ScopeName; readonly length: 'whole' | 'short'; readonly login: Login },
): Promise<{ readonly authorization: Authorization; readonly after: readonly ReadinessStep[] }> => {
  const device = newDeviceId()
  const scope = scopeOf(name, device)
  const called = (step: string): string => (length === 'whole' && name !== 'plain' ? step : `${step}, ${name} scope`)
  const asked = { step: `authorization, ${name} scope`, name, scope, login }
  const authorization = await authorize(surroundings, way, asked)
  const { grant, isCodeLeft } = authorization
  if (isCodeLeft === true) way.sessions.push({ doubt: 'the OP gave a code that no client would redeem' })
  if (grant === undefined) return { authorization, after: [] }
  const { step, held } = await exchangeCode(surroundings, way, { step: called('token'), scope, grant })
  way.sessions.push(held)
  if (held.tokens === undefined) return { authorization, after: [step] }
  const whom = { device, ...(way.username === undefined ? {} : { username: way.username }) }
  const after = await goSession(surroundings, way, { name, scope, length, held, whom, called })
  return { authorization, after: [step, ...after] }
}

interface SessionWay {
  readonly name: ScopeName
  readonly scope: string
  readonly length: 'whole' | 'short'
  readonly held: Held
  readonly whom: { readonly device: string; readonly username?: string }
  readonly called: (step: string) => string
}

const goSession = async (
  surroundings: Surroundings,
  way: Way,
  { name, scope, length, held, whom, called }: SessionWay,
): Promise<readonly ReadinessStep[]> => {
  const { metadata, client } = way
  const found = way.found.homeserver
  const homeserver = name === 'plain' || found === undefined || !isPrivate(found) ? undefined : found
  const session = { metadata, client, scope, held, ...(homeserver === undefined ? {} : { homeserver }) }
  const steps: ReadinessStep[] = []
  /** Each step goes on with the newest tokens. */
  const go = async (step: string, take: (step: string, tokens: Tokens) => Promise<ReadinessStep>): Promise<void> => {
    surroundings.signal.throwIfAborted()
    if (held.tokens !== undefined) steps.push(await take(called(step), held.tokens))
  }
  await go('whoami', async (step, { access }) =>
    homeserver === undefined
      ? skipped(step, whyNoWhoami(name, found))
      : askWhoami(surroundings, { step, baseUrl: homeserver, token: access, whom }),
  )
  if (length === 'whole') {
    await go('refresh', async (step, tokens) => {
      const { refresh } = tokens
      return refresh === undefined
        ? skipped(step, 'There is no refresh token to try')
        : refreshTokens(surroundings, session, { step, tokens, refresh })
    })
    await go('lost answer', async (step, { refresh }) =>
      refresh === undefined
        ? skipped(step, 'There is no refresh token to try')
        : refreshAgain(surroundings, session, { step, refresh }),
    )
  }
  const afterwards = length === 'whole' ? 'looked at' : 'not looked at'
  await go('revocation', (step, tokens) => logOut(surroundings, { ...session, afterwards }, { step, tokens }))
  return steps
}

const whyNoWhoami = (name: ScopeName, homeserver: string | undefined): string => {
  if (name === 'plain')
    return 'No homeserver takes a token without the scopes of Matrix; Synapse takes those of MAS only'
  return homeserver === undefined
    ? 'No homeserver is known that takes tokens of this OP'
    : `The homeserver is at ${homeserver}, and the access token would go there in clear text`
}
