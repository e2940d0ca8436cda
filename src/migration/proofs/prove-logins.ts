import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { ProofResult, Proofs } from '../../report/proof-parts.ts'
import type { Target } from '../../targets/target.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { askAccounts, askTokens, tokenDigest } from './ask-source.ts'
import { type Expectation, expectPassword, expectToken } from './expectations.ts'
import type { Canary, OldToken } from './parse-secrets.ts'
import { tryPassword } from './try-password.ts'
import { type Trial, tryToken } from './try-token.ts'

export interface ProofRequest {
  readonly tokens: readonly OldToken[]
  /** Which Synapse the tokens are shown to. */
  readonly homeserverUrl?: string
  readonly canaries: readonly Canary[]
  /** Where passwords log in: MAS, or the homeserver whose proxy leads there; absent: the target says whether it takes them. */
  readonly loginUrl?: string
}

/**
 * Tries old tokens and passwords after the cut-over, one after the other, and says of each whether it did what the
 * decisions predict: a guest's token that fails is as it should be, a person's is not.
 */
export const proveLogins = async (
  { tokens, homeserverUrl, canaries, loginUrl }: ProofRequest,
  { target, readers, decisions, source }: Pick<Prepared, 'target' | 'readers' | 'decisions' | 'source'>,
  { progress, signal }: Pick<MigrationRequest, 'progress' | 'signal'>,
): Promise<Proofs> => {
  const [reader] = readers
  if (reader === undefined) return { results: [] }
  const tryCanary = canaryTrial(target, loginUrl, signal)
  progress.phase('prove')
  const digests = tokens.map(({ token }) => tokenDigest(token))
  const sourceTokens = await askTokens(reader, { decisions, source }, digests)
  const states = await target.sql?.tokenStates?.(digests)
  const stays = target.leaves?.access_token === 'stays_in_synapse'
  const accounts = await askAccounts(
    reader,
    decisions,
    canaries.map(({ mxid }) => mxid),
  )
  const results: ProofResult[] = []
  const total = tokens.length + canaries.length
  const tell = (result: ProofResult): void => {
    results.push(result)
    progress.advance('prove', results.length, total)
  }
  for (const given of homeserverUrl === undefined ? [] : tokens) {
    const digest = tokenDigest(given.token)
    const { mxid, device } = given
    const place = stays ? 'stays in Synapse' : states?.get(digest)
    const expectation = expectToken(given, sourceTokens.get(digest), place, Date.now())
    const trial = await tryToken(given, homeserverUrl ?? '', signal)
    tell({ what: 'token', mxid, ...(device === undefined ? {} : { device }), ...judged(expectation, trial) })
  }
  for (const canary of canaries) {
    const expectation = expectPassword(accounts.get(canary.mxid))
    const trial = await tryCanary(canary)
    tell({ what: 'password', mxid: canary.mxid, ...judged(expectation, trial) })
  }
  return { results }
}

/** Where a client would log in, if that is known; else at the target itself. */
const canaryTrial = (
  target: Pick<Target, 'login'>,
  loginUrl: string | undefined,
  signal: AbortSignal,
): ((canary: Canary) => Promise<Trial>) => {
  if (loginUrl !== undefined) return (canary) => tryPassword(canary, loginUrl, signal)
  return async (canary) => {
    const result = await target.login?.(canary, { signal })
    if (result === undefined) throw nowhereToLogIn()
    const { loggedIn, message } = result
    return { worked: loggedIn, ...(message === undefined ? {} : { answer: message }) }
  }
}

const nowhereToLogIn = (): Syn2opError =>
  new Syn2opError('usage', '--canaries: nobody says where passwords log in', {
    next: ['Say where clients reach MAS: --mas-url https://…'],
  })

const judged = (
  { reason }: Expectation,
  { worked, answer }: Trial,
): Pick<ProofResult, 'worked' | 'expected' | 'reason' | 'answer'> => ({
  worked,
  expected: reason === null,
  ...(reason === null ? {} : { reason }),
  ...(answer === undefined ? {} : { answer }),
})
