import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Backends } from '../../backends.ts'
import type { StartContext } from '../way.ts'
import { isSynapseAsked } from './synapse-for-proofs.ts'
import type { SynapseWish } from './synapse-service.ts'
import { synapseWays } from './synapse-ways.ts'

/** Ways are only asked whether they can be tried: none of them is started with this. */
const OF_NOBODY: SynapseWish = {
  database: { host: '', port: 0, user: '', database: '', sslMode: 'disable', connectTimeoutMs: 0, origin: 'nowhere' },
  serverName: '',
}

const BY: Readonly<Record<string, string>> = { containers: 'in a container', local: 'of this machine' }

/**
 * Whether the Synapse that somebody asked for can be tried here at all: said before hours of work, not after them. Nothing is started,
 * but an image that is missing is fetched.
 * @throws Syn2opError rehearsal.no-backend with every way's why; run.interrupted
 */
export const requireSynapse = async (
  backends: Pick<Backends, 'images' | 'synapsePython' | 'wanted'>,
  watched: Pick<StartContext, 'note' | 'signal'>,
): Promise<void> => {
  if (!isSynapseAsked(backends)) return
  const { images, synapsePython, wanted } = backends
  const ways = synapseWays({
    images,
    ...(synapsePython === undefined ? {} : { python: synapsePython }),
    wish: OF_NOBODY,
  }).filter(({ backend }) => wanted === undefined || wanted === backend)
  const problems: { readonly message: string }[] = []
  for (const { backend, why, whyNotHad } of ways) {
    const refused = (await why(watched.signal)) ?? (await whyNotHad?.(watched))
    if (refused === undefined) return
    problems.push({ message: `Synapse ${BY[backend] ?? backend}: ${refused}` })
  }
  throw new Syn2opError('rehearsal.no-backend', 'The Synapse that was asked for cannot be started here', {
    problems,
    next: [
      'Name a Python that has matrix-synapse[postgres], by --synapse-python, or an image, by --image synapse=IMAGE, that --require does not exclude.',
      'Or leave both out: old tokens that stay with Synapse are then named as unproved.',
    ],
  })
}
