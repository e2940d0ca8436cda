import pg from 'pg'
import { redactUrls } from '../errors/redact-urls.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Finding } from '../findings/finding.ts'
import { parseMapping } from '../mapping/load-mapping.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { databaseFailure } from '../postgres/server-error.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import { type InitFacts, targetName, type Unseen } from './facts.ts'
import { lookAtSource } from './look-at-source.ts'
import { mappingText } from './mapping-text.ts'

/** What is known without a connection, and how to look at the rest. */
export interface InitEnds
  extends Pick<InitFacts, 'homeserver' | 'synapseConfig' | 'synapseDatabase' | 'targetDatabase' | 'asOf'> {
  readonly target: Pick<InitFacts['target'], 'name' | 'configFiles'>
  readonly source: () => Promise<PostgresSettings>
  /** Absent where the target's configuration was not given. */
  readonly providers?: (() => Promise<readonly string[]>) | undefined
  /** By the rules that are about to be written. */
  readonly check?: ((mapping: Mapping) => Promise<readonly Finding[]>) | undefined
  readonly signal: AbortSignal
}

/** Looks at all that can be reached; what cannot is told, and the files are made all the same. */
export const gatherFacts = async (ends: InitEnds): Promise<InitFacts> => {
  const { homeserver, asOf, signal } = ends
  const unseen: Unseen[] = []
  const attempt = async <Seen>(what: string, look: () => Promise<Seen>): Promise<Seen | undefined> => {
    try {
      return await look()
    } catch (error) {
      signal.throwIfAborted()
      unseen.push({ what, why: whyNot(error, ends.target.name) })
      return undefined
    }
  }
  const { target } = ends
  const source = await attempt("Synapse's database", async () =>
    lookAtSource(await ends.source(), { homeserver, asOf, signal }),
  )
  const providers = ends.providers && (await attempt(`the configuration of ${targetName(target)}`, ends.providers))
  if (ends.providers === undefined) {
    unseen.push({ what: `the configuration of ${targetName(target)}`, why: 'none was given (--target-config FILE)' })
  }
  const facts: InitFacts = {
    homeserver,
    synapseConfig: ends.synapseConfig,
    target: { ...target, ...(providers === undefined ? {} : { providers }) },
    ...(ends.synapseDatabase === undefined ? {} : { synapseDatabase: ends.synapseDatabase }),
    ...(ends.targetDatabase === undefined ? {} : { targetDatabase: ends.targetDatabase }),
    ...(source === undefined ? {} : { source }),
    unseen,
    asOf,
  }
  const { check } = ends
  if (check === undefined || source === undefined || providers === undefined) return facts
  const findings = await attempt(`what is at ${targetName(target)}`, () =>
    check(parseMapping(mappingText(facts), 'mapping.yaml')),
  )
  return findings === undefined ? facts : { ...facts, findings }
}

/** An error that nobody foresaw is ours, and not hidden; but a target of somebody else's may throw what it likes. */
const whyNot = (error: unknown, target: string): string => {
  const known = error instanceof pg.DatabaseError ? databaseFailure('Looking', undefined, error) : error
  if (known instanceof Syn2opError) return [known.message, ...known.problems.map(({ message }) => message)].join('; ')
  if (target === 'mas' || !(error instanceof Error)) throw error
  return `the target failed: ${redactUrls(error.message)}`
}
