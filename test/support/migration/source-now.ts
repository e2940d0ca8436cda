import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../../../src/accounts/decisions/decisions.ts'
import type { DecisionRules } from '../../../src/accounts/decisions/rules.ts'
import { accountPrints } from '../../../src/migration/account-prints.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { run } from '../../../src/postgres/statement.ts'
import { DEMO, DEMO_PROVIDERS } from '../../../src/rehearsal/demo/constants.ts'
import { catalogueQuery, toSourceCatalogue } from '../../../src/synapse/catalogue.ts'
import { buildRelations, type Relations } from '../../../src/synapse/relations.ts'
import { openSnapshot } from '../../../src/synapse/snapshot.ts'
import type { AccountPrints } from '../../../src/targets/sql-road.ts'

/** The source as it is at this moment, with its decision. */
export interface SourceNow {
  readonly reader: Client
  readonly readers: readonly Client[]
  readonly relations: Relations
  readonly rules: DecisionRules
  readonly decisions: RawBuilder<unknown>
  readonly prints: AccountPrints
}

/** Everybody of a demo homeserver migrates, each provider under its own name. */
export const demoRules: DecisionRules = {
  serverName: DEMO.serverName,
  asOf: DEMO.now,
  accounts: { guests: 'migrate', deactivated: 'migrate', locked: 'migrate', withoutLogin: 'migrate' },
  ghosts: [],
  providers: DEMO_PROVIDERS.map(({ authProvider, uuid }) => ({ authProvider, target: { id: uuid } })),
}

/** Two of Synapse's names lead to one provider, and who cannot log in stays behind. */
export const sharedRules: DecisionRules = {
  ...demoRules,
  accounts: { ...demoRules.accounts, withoutLogin: 'hold_back', guests: 'hold_back' },
  providers: [
    { authProvider: 'oidc-keycloak', target: { id: DEMO_PROVIDERS[0]?.uuid ?? '' } },
    { authProvider: 'oidc-github', target: { id: DEMO_PROVIDERS[0]?.uuid ?? '' } },
    { authProvider: 'oidc', target: 'leave' },
  ],
}

export const sourceOf = async (
  readers: readonly [Client, ...Client[]],
  rules: DecisionRules = demoRules,
): Promise<SourceNow> => {
  const [reader] = readers
  const relations = buildRelations(toSourceCatalogue(await run(reader, catalogueQuery)))
  const named = decisions(relations, rules)
  const prints = accountPrints({ relations, decisions: named, rules, readers })
  return { reader, readers, relations, rules, decisions: named, prints }
}

/** Reads the source in a snapshot of its own. */
export const withSource = async <Result>(
  settings: PostgresSettings,
  work: (source: SourceNow) => Promise<Result>,
  rules: DecisionRules = demoRules,
): Promise<Result> => {
  const snapshot = await openSnapshot(settings, {
    count: 2,
    applicationName: 'syn2op test',
    signal: new AbortController().signal,
  })
  try {
    return await work(await sourceOf(snapshot.readers as [Client, ...Client[]], rules))
  } finally {
    await snapshot.close()
  }
}
