import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { Durability } from '../../throw-away.ts'
import type { Images } from '../containers/images.ts'
import type { Way } from '../way.ts'
import { containerPostgres } from './container-postgres.ts'
import { givenPostgres } from './given-postgres.ts'
import { localPostgres } from './local-postgres.ts'
import type { PostgresService } from './postgres-service.ts'

export interface PostgresAsked {
  /** A server on which databases may be made; it alone is used then. The database that it names is connected to, and not touched. */
  readonly given?: PostgresSettings
  /** The id of the lease that it goes with, where it is one of ours. */
  readonly givenLease?: string
  readonly images: Images
  /** Of a server of our own; one that is given is as it is. */
  readonly durability: Durability
}

/** How a rehearsal may have its PostgreSQL, best first. */
export const postgresWays = ({
  given,
  givenLease,
  images,
  durability,
}: PostgresAsked): readonly Way<PostgresService>[] =>
  given === undefined
    ? [containerPostgres(images, durability), localPostgres(durability)]
    : [givenPostgres(given, givenLease)]
