import type { Canary } from '../migration/proofs/parse-secrets.ts'
import { formatCount } from '../terminal/numbers.ts'
import type { ThrowAwayTarget, Unproved } from './ends/throw-away-target.ts'
import type { RehearsalSource } from './sources/rehearsal-source.ts'

/** What is tried after the move, and what cannot be. */
export interface Asked {
  readonly secrets: RehearsalSource['secrets']
  readonly unproved: readonly Unproved[]
  /** Who is shown the tokens: what the target starts for the proofs, or a Synapse that has the people. */
  readonly tokensTo: 'target' | 'synapse' | 'nobody'
}

export interface Asking {
  readonly target: Pick<ThrowAwayTarget, 'name' | 'startProofs' | 'unproved' | 'normalises'>
  readonly source: Pick<RehearsalSource, 'secrets'>
  /** Whether a Synapse can be started for it. */
  readonly synapse: 'asked for' | 'not asked for'
}

/**
 * What a target names as unproved cannot be asked there; tokens that stay with Synapse are shown to a Synapse, where one was asked for.
 * Pure.
 */
export const whatCanBeAsked = ({ target, source: { secrets }, synapse }: Asking): Asked => {
  const { canaries, tokens } = secrets
  const logins = !target.unproved.some(({ what }) => what === 'logins')
  const asked = whoSeesTokens(target, synapse)
  const typed = target.normalises === 'no' ? canaries.map(normalised) : canaries
  const changed = typed.filter(({ password }, index) => password !== canaries[index]?.password).length
  return {
    secrets: { canaries: logins ? typed : [], tokens: asked === 'nobody' ? [] : tokens },
    unproved: [
      ...target.unproved.filter(({ what }) => what !== 'tokens' || asked !== 'synapse'),
      ...(logins && changed > 0 ? [{ what: 'logins', why: normalisedWords(changed) } as const] : []),
      ...(logins && canaries.length === 0
        ? [{ what: 'logins', why: 'No password was given to be tried: --canaries FILE' } as const]
        : []),
      ...(asked !== 'nobody' && tokens.length === 0
        ? [{ what: 'tokens', why: 'No old token was given to be tried: --tokens FILE' } as const]
        : []),
    ],
    tokensTo: tokens.length === 0 ? 'nobody' : asked,
  }
}

const whoSeesTokens = (
  { name, startProofs, unproved }: Asking['target'],
  synapse: Asking['synapse'],
): Asked['tokensTo'] => {
  const isNamed = unproved.some(({ what }) => what === 'tokens')
  if (!isNamed) return startProofs === undefined ? 'nobody' : 'target'
  // MAS has them all: what Synapse says of them is not what will be.
  return name !== 'mas' && synapse === 'asked for' ? 'synapse' : 'nobody'
}

/** As Synapse hashed it (Synapse, `AuthHandler.hash`: NFKC). */
const normalised = ({ mxid, password }: Canary): Canary => ({ mxid, password: password.normalize('NFKC') })

const normalisedWords = (count: number): string =>
  `${formatCount(count, 'password is', 'passwords are')} not what Synapse made of what was typed (Unicode NFKC), and the target takes what is typed as it is: as ${count === 1 ? 'its owner types it, it does' : 'their owners type them, they do'} not log in; tried was the other form`
