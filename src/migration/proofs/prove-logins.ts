import type { ProofResult, Proofs } from '../../report/proof-parts.ts'
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
  /** Where passwords log in: MAS, or the homeserver whose proxy leads there. */
  readonly loginUrl?: string
}

/**
 * Tries old tokens and passwords after the cut-over, one after the other, and says of each whether it did what the
 * decisions predict: a guest's token that fails is as it should be, a person's is not.
 */
export const proveLogins = async (
  { tokens, homeserverUrl, canaries, loginUrl }: ProofRequest,
  { target, readers, decisions }: Pick<Prepared, 'target' | 'readers' | 'decisions'>,
  { progress, signal }: Pick<MigrationRequest, 'progress' | 'signal'>,
): Promise<Proofs> => {
  const [reader] = readers
  if (reader === undefined) return { results: [] }
  progress.phase('prove')
  const digests = tokens.map(({ token }) => tokenDigest(token))
  const sourceTokens = await askTokens(reader, decisions, digests)
  const states = await target.sql?.tokenStates?.(digests)
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
    const expectation = expectToken(given, sourceTokens.get(digest), states?.get(digest), Date.now())
    const trial = await tryToken(given, homeserverUrl ?? '', signal)
    tell({ what: 'token', mxid, ...(device === undefined ? {} : { device }), ...judged(expectation, trial) })
  }
  for (const canary of loginUrl === undefined ? [] : canaries) {
    const expectation = expectPassword(accounts.get(canary.mxid))
    tell({
      what: 'password',
      mxid: canary.mxid,
      ...judged(expectation, await tryPassword(canary, loginUrl ?? '', signal)),
    })
  }
  return { results }
}

const judged = (
  { reason }: Expectation,
  { worked, answer }: Trial,
): Pick<ProofResult, 'worked' | 'expected' | 'reason' | 'answer'> => ({
  worked,
  expected: reason === null,
  ...(reason === null ? {} : { reason }),
  ...(answer === undefined ? {} : { answer }),
})
