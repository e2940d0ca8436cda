import { sql } from 'kysely'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { describeSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import { otherConnections } from '../synapse/activity.ts'
import { openLinkJournal } from './link-journal.ts'
import type { UpstreamProvider } from './link-place.ts'
import type { OpenPlace } from './open-place.ts'
import { insertLinks, transactionNumber } from './write-links.ts'

export interface LinksToWrite {
  readonly rows: readonly (readonly string[])[]
  readonly provider: UpstreamProvider
  readonly runId: string
  /** Somebody has acknowledged that Synapse runs. */
  readonly mayRun: boolean
}

/**
 * Writes links in one transaction, all or none. What it has written is on record in the run's folder before it is committed.
 * @returns how many; the others had something come in their way.
 * @throws Syn2opError run.not-possible where Synapse was started meanwhile; target.locked.
 */
export const writeInOne = async (
  { runs, homeserver, progress, signal }: Pick<MigrationRequest, 'runs' | 'homeserver' | 'progress' | 'signal'>,
  { place, client, schema, system, database }: OpenPlace,
  { rows, provider, runId, mayRun }: LinksToWrite,
): Promise<number> => {
  if (runs === undefined) throw new TypeError('links that are written need a folder for their record')
  const journal = openLinkJournal(runs, runId)
  try {
    await place.lock?.(client)
    progress.phase('links')
    await run(client, sql`BEGIN`)
    const written = await insertLinks({
      client,
      place,
      schema,
      rows,
      progress: (done) => progress.advance('links', done, rows.length),
      signal,
    })
    const transaction = await transactionNumber(client)
    journal.enter(
      {
        to: place.to,
        serverName: homeserver.serverName,
        location: describeSettings(place.settings),
        system,
        database,
        schema,
        provider: provider.id,
        providerName: provider.name,
        transaction,
      },
      written,
    )
    if (place.mustStop && !mayRun && (await otherConnections(client)).length > 0) throw startedMeanwhile()
    signal.throwIfAborted()
    await run(client, sql`COMMIT`)
    journal.committed()
    return written.length
  } finally {
    journal.close()
  }
}

const startedMeanwhile = (): Syn2opError =>
  new Syn2opError('run.not-possible', 'Synapse was started meanwhile: nothing was written', {
    next: ['Stop Synapse and all its workers, and run the command again.'],
  })
