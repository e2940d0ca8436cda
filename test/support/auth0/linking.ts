import { expect } from 'vitest'
import type { Fault } from '../../../src/rehearsal/standins/auth0/faults.ts'
import { importRow } from '../../../src/rehearsal/standins/auth0/import-row.ts'
import type { Auth0Provider } from '../../../src/targets/auth0/config/auth0-config.ts'
import { deployLinking } from '../../../src/targets/auth0/links/action/deploy.ts'
import { addConnection, EMAIL_OPTIONAL, type TenantAndApi, tenantAndApi } from './tenant-and-api.ts'

const { signal } = new AbortController()

/** Searches see everybody by then, and nobody is asked to come back any more. */
const LONG_AFTER_MS = 20 * 60_000

/** Through whose connections people come. */
export const PROVIDERS: readonly Auth0Provider[] = [
  { id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'action' },
  { id: 'google-oauth2', authProvider: 'oidc-google', strategy: 'google-oauth2', link: 'action' },
]

/** As she is imported. */
export const ANN = {
  user_id: 'ann-imported',
  username: 'ann',
  app_metadata: {
    syn2op: { mxid: '@ann:demo.example' },
    matrix: { external_ids: ['corp|4711', 'google-oauth2|12345'] },
  },
}

/** A tenant into which Ann was imported a while ago, with the Action bound. */
export const settled = async (
  row: Readonly<Record<string, unknown>> = ANN,
  faults: readonly Fault[] = [],
): Promise<TenantAndApi> => {
  const target = await tenantAndApi({ providers: PROVIDERS }, { faults })
  const { standIn, clock, api, config } = target
  standIn.connection.options = EMAIL_OPTIONAL
  addConnection(standIn, 'corp', 'oidc')
  addConnection(standIn, 'google-oauth2', 'google-oauth2')
  addConnection(standIn, 'others', 'oidc')
  imported(target, row)
  await deployLinking(api, { config, client: config.client, signal })
  await clock.sleep(LONG_AFTER_MS)
  return target
}

export const imported = (
  { standIn: { tenant, connection } }: TenantAndApi,
  row: Readonly<Record<string, unknown>>,
): void => {
  expect(importRow(tenant, connection, row, { upsert: false })).toMatchObject({ kind: 'inserted' })
}

/** The identities of a user. */
export const linkedTo = ({ standIn: { tenant } }: TenantAndApi, userId: string): readonly string[] =>
  (tenant.users.byId(userId)?.identities ?? []).map((identity) => `${identity.provider}|${identity.userId}`)
