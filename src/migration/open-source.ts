import type { Client } from 'pg'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { providerRules } from '../mapping/provider-rules.ts'
import { run } from '../postgres/statement.ts'
import { catalogueQuery, toSourceCatalogue } from '../synapse/catalogue.ts'
import { buildRelations, type Relations } from '../synapse/relations.ts'
import { openSnapshot } from '../synapse/snapshot.ts'
import type { Target } from '../targets/target.ts'
import type { MigrationRequest } from './request.ts'

/** One moment of the source, with what a decision about it needs. */
export interface OpenSource {
  readonly readers: readonly Client[]
  readonly relations: Relations
  readonly rules: DecisionRules
}

/** Opens the source for a look, without checking or counting it. */
export const withSource = async <Result>(
  request: Pick<MigrationRequest, 'source' | 'readers' | 'signal' | 'homeserver' | 'mapping' | 'asOf'>,
  providers: Target['providers'],
  look: (source: OpenSource) => Promise<Result>,
): Promise<Result> => {
  const { homeserver, mapping, signal } = request
  const { readers, close } = await openSnapshot(request.source, {
    count: request.readers,
    applicationName: 'syn2op look',
    signal,
  })
  try {
    const [reader] = readers
    if (reader === undefined) throw new TypeError('a snapshot needs at least one reader')
    return await look({
      readers,
      relations: buildRelations(toSourceCatalogue(await run(reader, catalogueQuery))),
      rules: {
        serverName: homeserver.serverName,
        asOf: request.asOf ?? Date.now(),
        accounts: mapping.accounts,
        ghosts: mapping.ghosts,
        providers: providerRules(providers, mapping),
      },
    })
  } finally {
    await close()
  }
}
