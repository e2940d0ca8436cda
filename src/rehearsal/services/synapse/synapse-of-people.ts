import type { PostgresSettings } from '../../../postgres/settings.ts'
import { firstThatWorks } from '../first-that-works.ts'
import type { Backend, StartContext } from '../way.ts'
import { putPeople } from './put-people.ts'
import type { SynapseService } from './synapse-service.ts'
import { type SynapseWays, synapseWays } from './synapse-ways.ts'

export interface SynapseOfPeople extends SynapseWays {
  /** The tables of a homeserver that syn2op reads: a rehearsal's source. */
  readonly people: PostgresSettings
  readonly wanted?: Backend
  readonly context: StartContext
}

/**
 * Starts a throw-away Synapse that has a homeserver's people, in a database of its own that was empty: what it makes of their tokens
 * and passwords is what the homeserver does. It starts twice, some seconds each: for its tables, and then with the people.
 * @throws Syn2opError rehearsal.no-backend where none can be had here; database.*, run.interrupted
 */
export const synapseOfPeople = async ({
  people,
  wanted,
  context,
  ...ways
}: SynapseOfPeople): Promise<SynapseService> => {
  const choice = { context, ...(wanted === undefined ? {} : { wanted }) }
  const first = await firstThatWorks('Synapse', synapseWays(ways), choice)
  await first.stop()
  await putPeople({ from: people, into: ways.wish.database, signal: context.signal })
  const silent = { ...context, note: () => {} }
  return firstThatWorks('Synapse', synapseWays(ways), { context: silent, wanted: first.backend })
}
