import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadOidcClients } from '../../../src/synapse/oidc-clients.ts'

const written = async (text: string): Promise<string> => {
  const file = join(await mkdtemp(join(tmpdir(), 'homeserver-')), 'homeserver.yaml')
  await writeFile(file, text)
  return file
}

describe('how Synapse is a client of its SSO providers', () => {
  it('is read with what Synapse takes for granted', async () => {
    const file = await written(
      'server_name: example.org\noidc_providers:\n  - { idp_id: a, issuer: https://a.example.org, client_id: c, client_secret: s }\n',
    )
    expect(await loadOidcClients([file])).toEqual({
      publicBaseUrl: 'https://example.org/',
      clients: [
        {
          path: 'oidc_providers[0]',
          issuer: 'https://a.example.org',
          clientId: 'c',
          clientSecret: 's',
          clientAuthMethod: 'client_secret_basic',
          scopes: ['openid'],
          discover: true,
          endpoints: {},
        },
      ],
    })
  })

  it('takes the secret from its file, and says where that cannot be read', async () => {
    const secret = await written('from the file\n')
    const provider = (path: string): string =>
      `  - { issuer: https://a.example.org, client_id: c, client_secret_path: ${JSON.stringify(path)} }\n`
    const file = await written(
      `server_name: example.org\npublic_baseurl: https://m.example.org\noidc_providers:\n${provider(secret)}${provider('/nowhere/secret')}`,
    )
    expect(await loadOidcClients([file])).toMatchObject({
      publicBaseUrl: 'https://m.example.org/',
      clients: [{ clientSecret: 'from the file' }, { secretUnread: '/nowhere/secret' }],
    })
  })
})
