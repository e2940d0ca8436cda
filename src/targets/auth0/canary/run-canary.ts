import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { CanaryClaim, CanaryDocument } from '../../../report/auth0-canary-document.ts'
import { removal } from '../../../report/text/auth0-canary.ts'
import { agentFor } from '../../http/agent.ts'
import { stoppedBy } from '../../http/stopped-by.ts'
import { connectionByName, optionsOf } from '../api/connections-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { connectionRules } from '../check/connection-rules.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import type { Asked, Claim } from './claim.ts'
import { CLAIMS } from './claims.ts'
import { makeSecrets } from './probe-secrets.ts'
import { makeProbes } from './probes.ts'
import { openProbing, type Probing } from './probing.ts'

export interface CanaryRequest {
  readonly api: ManagementApi
  readonly config: Auth0Config
  readonly syn2op: string
  /** `keep`: the probes stay, for somebody who wants to look at them. */
  readonly probes: 'remove' | 'keep'
  /** How long Synapse's pepper is, where one is known. */
  readonly pepperBytes?: number | undefined
  /** Told of each claim when it has been asked. */
  readonly told: (claim: CanaryClaim) => void
  readonly signal: AbortSignal
}

type Undo = (stop: AbortSignal) => Promise<void>

/** Milliseconds in which everything has to be taken away, also after Ctrl-C. */
const REMOVE_MS = 60_000

/** Milliseconds: a job of five users takes less, but for those that Auth0 has before it. */
const AGAIN_MS = 10_000

/**
 * Asks a tenant all that only a tenant can answer, by five users of reserved names, and takes them away again.
 * @throws the signal's reason, once everything has been taken away; whatever it throws says who may be left
 * @throws Syn2opError target.not-allowed where the connection is not there, or no database connection; server.unreachable
 */
export const runCanary = async (request: CanaryRequest): Promise<CanaryDocument> => {
  const { api, config, signal } = request
  const undos: Undo[] = []
  const agent = agentFor(config.url, { keepAlive: true })
  const secrets = makeSecrets(request.pepperBytes)
  const leave = async (): Promise<CanaryDocument['probes']> =>
    request.probes === 'keep' ? 'kept' : removeAll(api, undos)
  try {
    const connection = await theConnection(api, config, signal)
    const probing = openProbing({
      api,
      config,
      connection,
      probes: await makeProbes(secrets, connection.rules),
      signal,
      agent,
      undoLater: (undo) => undos.push(undo),
    })
    const claims: CanaryClaim[] = []
    for (const claim of CLAIMS) {
      const { id, says, otherwise } = claim
      const asked = await askOne(claim, probing)
      const told = { id, says, ...asked, ...(asked.verdict === 'refuted' ? { otherwise } : {}) }
      claims.push(told)
      request.told(told)
    }
    return {
      kind: 'auth0-canary',
      format: 1,
      syn2op: request.syn2op,
      target: { url: config.url, connection: config.connection },
      tag: secrets.tag,
      claims,
      probes: await leave(),
    }
  } catch (error) {
    const ended = signal.aborted ? stoppedBy(signal) : error
    if (undos.length === 0) throw ended
    const probes = await leave()
    throw probes === 'removed' ? ended : namingThem(ended, removal({ probes, tag: secrets.tag }))
  } finally {
    agent.destroy()
  }
}

/** The same error, which says besides who may be left. */
const namingThem = (error: unknown, who: string): Syn2opError => {
  if (error instanceof Syn2opError) {
    const { code, message, problems, next } = error
    return new Syn2opError(code, message, { problems, next: [...next, who], cause: error })
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'Something that is no error was thrown'
  return new Syn2opError('internal', message, { next: [who], cause: error })
}

const theConnection = async (
  api: ManagementApi,
  { connection: name }: Auth0Config,
  signal: AbortSignal,
): Promise<Probing['connection']> => {
  const connection = await connectionByName(api, name, signal)
  if (connection?.strategy === 'auth0') return { id: connection.id, rules: connectionRules(optionsOf(connection)) }
  throw new Syn2opError(
    'target.not-allowed',
    connection === undefined ? `Auth0 has no connection ${name}` : `The connection ${name} is no database connection`,
    { next: ['See `connection` of auth0.yaml; `syn2op auth0 prepare` makes one that is missing.'] },
  )
}

/** What Auth0 does not let us ask says nothing of the claim, and the others are asked all the same. */
const askOne = async (claim: Claim, probing: Probing): Promise<Asked> => {
  try {
    return await claim.ask(probing)
  } catch (error) {
    if (probing.signal.aborted || !(error instanceof Syn2opError)) throw error
    return { verdict: 'not asked', seen: error.message }
  }
}

/** Tries twice: an import whose answer was lost may have made somebody after the first time. */
const removeAll = async (
  { clock }: Pick<ManagementApi, 'clock'>,
  undos: Undo[],
): Promise<'removed' | 'perhaps left'> => {
  const stop = AbortSignal.timeout(REMOVE_MS)
  const all = undos.splice(0).toReversed()
  if (await doAll(all, stop)) return 'removed'
  await clock.sleep(AGAIN_MS, stop).catch(() => undefined)
  return (await doAll(all, stop)) ? 'removed' : 'perhaps left'
}

/** @returns whether nothing is left for certain */
const doAll = async (undos: readonly Undo[], stop: AbortSignal): Promise<boolean> => {
  let isCertain = true
  for (const undo of undos) {
    await undo(stop).catch(() => {
      isCertain = false
    })
  }
  return isCertain
}
