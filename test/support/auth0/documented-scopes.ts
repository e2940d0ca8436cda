import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { StandIn } from '../../../src/rehearsal/standins/auth0/server.ts'

const GUIDE = fileURLToPath(new URL('../../../docs/how-to/synapse-to-auth0.md', import.meta.url))

/** What the application of syn2op is for, as the guide has it. */
export type Purpose = 'moving people' | 'prepare' | 'action' | 'scim'

const ROWS: Readonly<Record<Purpose, string>> = {
  'moving people': 'moving people',
  'prepare': '`auth0 prepare`',
  'action': '`auth0 action`',
  'scim': 'people of providers with `link: scim`',
}

/** The scopes that the guide has administrators give for this, in its order. @throws where its table has no such row */
export const documentedScopes = async (...purposes: readonly Purpose[]): Promise<readonly string[]> => {
  const lines = (await readFile(GUIDE, 'utf8')).split('\n')
  return purposes.flatMap((purpose) => {
    const row = lines.find((line) => line.startsWith(`| ${ROWS[purpose]} |`))
    const scopes = row?.slice(ROWS[purpose].length + 4).match(/[a-z]+:[a-z_]+/gu)
    if (scopes === undefined || scopes === null) throw new Error(`the guide has no scopes for ${purpose}`)
    return scopes
  })
}

/** Has the application of a stand-in no more scopes than these. */
export const giveScopes = ({ tenant, client }: Pick<StandIn, 'tenant' | 'client'>, scopes: readonly string[]): void =>
  void tenant.clients.set(client.id, { ...client, scopes })
