import type { Client } from 'pg'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { requireKnownProviders } from '../mapping/provider-rules.ts'
import { requireFollowed } from '../mapping/require-followed.ts'
import { run } from '../postgres/statement.ts'
import { catalogueQuery, toSourceCatalogue } from '../synapse/catalogue.ts'
import { buildRelations, type Relations } from '../synapse/relations.ts'
import { openSnapshot } from '../synapse/snapshot.ts'
import type { Target } from '../targets/target.ts'
import { decisionRules } from './decision-rules.ts'
import { type Naming, namedRules, settleNaming } from './naming.ts'
import { ownProviders } from './own-providers.ts'
import type { MigrationRequest } from './request.ts'
import { requirePatterns } from './require-patterns.ts'
import { withTarget } from './runs/ask-database.ts'
import { recordedNames } from './slow-road/recorded-names.ts'

/** One moment of the source, with what a decision about it needs. */
export interface OpenSource {
  /** The first of the readers. */
  readonly reader: Client
  readonly readers: readonly Client[]
  readonly relations: Relations
  readonly rules: DecisionRules
  readonly naming?: Naming
}

/**
 * Opens both ends for a look, without checking or counting them.
 * @throws Syn2opError mapping.invalid, where the target or PostgreSQL cannot follow a rule, and those of the databases.
 */
export const withEnds = <Result>(
  request: MigrationRequest,
  look: (source: OpenSource) => Promise<Result>,
): Promise<Result> =>
  withTarget(request, (target) => {
    requireKnownProviders(target.providers, request.mapping)
    requireFollowed(request.mapping, target)
    return withSource(request, target, look)
  })

/** A target, or, where usernames are settled already or do not matter, its providers alone. */
type TargetOfSource =
  | Pick<Target, 'providers' | 'shut' | 'leaves' | 'identities' | 'issuers'>
  | Pick<
      Target,
      | 'name'
      | 'providers'
      | 'shut'
      | 'leaves'
      | 'identities'
      | 'issuers'
      | 'follows'
      | 'fold'
      | 'takesUsername'
      | 'describe'
    >

/**
 * Opens the source for a look, without checking or counting it.
 * @throws Syn2opError mapping.invalid, where PostgreSQL does not understand a pattern of the mapping.
 */
export const withSource = async <Result>(
  request: Pick<MigrationRequest, 'source' | 'readers' | 'signal' | 'homeserver' | 'mapping' | 'asOf' | 'runs'>,
  target: TargetOfSource,
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
    const relations = buildRelations(toSourceCatalogue(await run(reader, catalogueQuery)))
    const { providers, shut, leaves, identities } = target
    const asOf = request.asOf ?? Date.now()
    const itself = await ownProviders(target, homeserver, { signal })
    const rules = decisionRules({ homeserver, mapping, providers, shut, leaves, identities, itself, asOf })
    await requirePatterns(reader, mapping, rules.ghosts)
    const naming =
      'describe' in target
        ? await settleNaming(target, mapping, {
            relations,
            rules,
            reader,
            signal,
            recorded: await recordedNames(request, target),
          })
        : undefined
    return await look({
      reader,
      readers,
      relations,
      rules: namedRules(rules, naming),
      ...(naming === undefined ? {} : { naming }),
    })
  } finally {
    await close()
  }
}
