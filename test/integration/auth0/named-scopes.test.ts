import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import Auth0Canary from '../../../src/commands/auth0/canary.ts'
import { createScimConfiguration } from '../../../src/targets/auth0/api/scim-api.ts'
import { runCanary } from '../../../src/targets/auth0/canary/run-canary.ts'
import { documentedScopes, giveScopes } from '../../support/auth0/documented-scopes.ts'
import { addConnection, EMAIL_OPTIONAL, tenantAndApi } from '../../support/auth0/tenant-and-api.ts'

const { signal } = new AbortController()

const PAGE = fileURLToPath(new URL('../../../docs/reference/auth0-yaml.md', import.meta.url))

const scopesIn = (text: string): readonly string[] => text.match(/\b[a-z]+:[a-z_]+\b/gu) ?? []

describe('scopes that are named beside the guide', () => {
  it('are those of moving people in the reference of auth0.yaml', async () => {
    const [, section = ''] = (await readFile(PAGE, 'utf8')).split('\n## The application\n')
    const rows = section.split('\n## ')[0]?.match(/^\| `.*$/gmu) ?? []
    const named = rows.flatMap((row) => scopesIn(row.split('|')[1] ?? ''))
    expect(named.toSorted()).toEqual((await documentedScopes('moving people')).toSorted())
  })

  it('are all that the canary asks for, in its help', async () => {
    const providers = [{ id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'action' }] as const
    const { standIn, api, config } = await tenantAndApi({ providers })
    standIn.connection.options = EMAIL_OPTIONAL
    await createScimConfiguration(api, addConnection(standIn, 'corp', 'oidc').id, signal)
    giveScopes(standIn, scopesIn(Auth0Canary.description ?? ''))
    const { claims } = await runCanary({
      api,
      config,
      syn2op: '0.0.0',
      probes: 'remove',
      told: () => undefined,
      signal,
    })
    expect(claims.flatMap((one) => (one.verdict === 'confirmed' ? [] : [one.id]))).toEqual(['row.phone-number'])
  })
})
