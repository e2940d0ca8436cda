import type { Backends } from '../../backends.ts'
import type { RehearsalSource } from '../../sources/rehearsal-source.ts'
import type { PostgresService } from '../postgres/postgres-service.ts'
import type { StartContext } from '../way.ts'
import { synapseOfPeople } from './synapse-of-people.ts'
import type { SynapseService } from './synapse-service.ts'

/** Whether somebody asked for a Synapse: it takes a while to start, so that none is started unasked. */
export const isSynapseAsked = ({ images, synapsePython }: Pick<Backends, 'images' | 'synapsePython'>): boolean =>
  images.names('synapse') || synapsePython !== undefined

export interface SynapseForProofs {
  readonly backends: Backends
  readonly postgres: Pick<PostgresService, 'createDatabase'>
  readonly source: Pick<RehearsalSource, 'homeserver' | 'source'>
  readonly context: StartContext
}

/**
 * Starts a Synapse that old tokens can be shown to. It has a copy of the rehearsal's people, in a database of its own: the rehearsal's
 * source stays as it is, and a homeserver's own database is not known to it.
 * @throws Syn2opError rehearsal.no-backend where none can be had here; database.*, run.interrupted
 */
export const synapseForProofs = async ({
  backends: { images, synapsePython, wanted },
  postgres,
  source: { homeserver, source },
  context,
}: SynapseForProofs): Promise<SynapseService> => {
  const { serverName, pepper } = homeserver
  return synapseOfPeople({
    images,
    ...(synapsePython === undefined ? {} : { python: synapsePython }),
    wish: {
      database: await postgres.createDatabase('synapse_proofs'),
      serverName,
      ...(pepper === undefined ? {} : { pepper }),
    },
    people: source,
    ...(wanted === undefined ? {} : { wanted }),
    context,
  })
}
