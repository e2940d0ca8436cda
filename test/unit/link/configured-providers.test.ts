import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UpstreamProvider } from '../../../src/link/link-place.ts'
import { masPlace } from '../../../src/link/mas-place.ts'
import { synapsePlace } from '../../../src/link/synapse-place.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { DATABASE, masConfigFiles, SECRETS } from '../../support/mas-config-files.ts'

const ISSUER = 'https://sso.example.org/realms/matrix'

describe('a provider of Synapse', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-link-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const provider = async (settings: object): Promise<UpstreamProvider | undefined> => {
    const file = join(folder, 'homeserver.yaml')
    // JSON is YAML.
    const one = { idp_id: 'sso', issuer: ISSUER, client_id: 'synapse', ...settings }
    const database = { name: 'psycopg2', args: { database: 'synapse', host: 'db', user: 'synapse' } }
    await writeFile(file, JSON.stringify({ server_name: 'example.org', database, oidc_providers: [one] }))
    const homeserver = await loadHomeserver([file])
    if (homeserver.database === undefined) throw new Error('it names a database')
    return synapsePlace(homeserver, homeserver.database).providers[0]
  }

  it('knows people by the claim sub unless it is told otherwise', async () => {
    const plain = { id: 'oidc-sso', name: 'oidc-sso', issuer: ISSUER }
    expect(await provider({})).toEqual(plain)
    for (const config of [
      { subject_claim: 'sub' },
      { subject_template: '{{user.sub}}' },
      { subject_template: '', subject_claim: 'sub' },
    ]) {
      expect(await provider({ user_mapping_provider: { config } })).toEqual(plain)
    }
  })

  it.each([
    [{ config: { subject_claim: 'email' } }, 'the claim email'],
    [{ config: { subject_template: '', subject_claim: 'email' } }, 'the claim email'],
    [{ config: { subject_template: '{{ user.email }}', subject_claim: 'sub' } }, '{{ user.email }}'],
    [{ module: 'our.Mapping' }, 'whatever the module our.Mapping makes of it'],
  ])('by %o knows them otherwise', async (mapping, subject) => {
    expect(await provider({ user_mapping_provider: mapping })).toMatchObject({ subject })
  })

  it('gives accounts away by their names where it is told to', async () => {
    expect(await provider({ allow_existing_users: true })).toMatchObject({ adoptsBy: 'allow_existing_users: true' })
  })
})

describe('a provider of MAS', () => {
  const { load } = masConfigFiles()

  const provider = async (claims: object): Promise<UpstreamProvider | undefined> => {
    const one = { id: '01JDEMM0KEYC10AK0000000001', issuer: ISSUER, claims_imports: claims }
    const config = await load(`${DATABASE}${SECRETS}upstream_oauth2: ${JSON.stringify({ providers: [one] })}\n`)
    return masPlace(config, config.database).providers[0]
  }

  it('knows people by the claim sub unless it is told otherwise', async () => {
    const plain = await provider({})
    expect(plain).toMatchObject({ alias: '01JDEMM0KEYC10AK0000000001', issuer: ISSUER })
    expect(plain).not.toHaveProperty('subject')
    expect(await provider({ subject: { template: '{{ user.sub }}' } })).toEqual(plain)
    expect(await provider({ subject: { template: '{{ user.email }}' } })).toMatchObject({ subject: '{{ user.email }}' })
  })

  it('gives accounts away by their names where it is told to', async () => {
    expect(await provider({ localpart: { on_conflict: 'add' } })).toMatchObject({
      adoptsBy: 'claims_imports.localpart.on_conflict: add',
    })
    expect(await provider({ localpart: { on_conflict: 'fail' } })).not.toHaveProperty('adoptsBy')
  })
})
