import { Syn2opError } from '../errors/syn2op-error.ts'
import type { ProofRequest } from '../migration/proofs/prove-logins.ts'
import { webAddress } from './web-address.ts'

interface ProofFlags {
  readonly 'tokens'?: string | undefined
  readonly 'canaries'?: string | undefined
  readonly 'homeserver-url'?: string | undefined
  readonly 'mas-url'?: string | undefined
}

/**
 * Reads the files of secrets that `verify` is given.
 * @returns undefined where none is.
 * @throws Syn2opError usage or config.unreadable.
 */
export const readProofs = async (flags: ProofFlags): Promise<ProofRequest | undefined> => {
  const { tokens, canaries, 'homeserver-url': homeserver, 'mas-url': mas } = flags
  if (tokens === undefined && canaries === undefined) return undefined
  const homeserverUrl = homeserver === undefined ? undefined : webAddress(homeserver, '--homeserver-url')
  const loginUrl = mas === undefined ? undefined : webAddress(mas, '--mas-url')
  if (tokens === '-' && canaries === '-') {
    throw new Syn2opError('usage', '--tokens and --canaries cannot both be the standard input', {
      next: ['Put one of them into a file that only you may read.'],
    })
  }
  const { readProtected } = await import('../migration/proofs/protected-file.ts')
  const { parseTokens, parseCanaries } = await import('../migration/proofs/parse-secrets.ts')
  const address = loginUrl ?? homeserverUrl
  return {
    tokens: tokens === undefined ? [] : parseTokens(await readProtected(tokens, '--tokens'), tokens),
    canaries: canaries === undefined ? [] : parseCanaries(await readProtected(canaries, '--canaries'), canaries),
    ...(homeserverUrl === undefined ? {} : { homeserverUrl }),
    ...(address === undefined ? {} : { loginUrl: address }),
  }
}
