import { describe, expect, it } from 'vitest'
import { DATABASE, masConfigFiles, SECRETS } from '../../../../support/mas-config-files.ts'

const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

const { load, problemsOf } = masConfigFiles()

describe('providers', () => {
  const withProviders = (yaml: string) => `${SECRETS}${DATABASE}upstream_oauth2:\n  providers:\n${yaml}`

  it('are known by ULID and UUID', async () => {
    const { providers } = await load(
      withProviders(
        `    - {id: ${ULID.toLowerCase()}, synapse_idp_id: oidc-one, issuer: 'https://one.example/', human_name: One}\n    - {id: 01ARZ3NDEKTSV4RRFFQ69G5FAW, enabled: false}\n`,
      ),
    )
    expect(providers).toEqual([
      {
        id: ULID,
        uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5b',
        synapseIdpId: 'oidc-one',
        issuer: 'https://one.example/',
        humanName: 'One',
        enabled: true,
      },
      { id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', uuid: '01563e3a-b5d3-d676-4c61-efb99302bd5c', enabled: false },
    ])
  })

  it.each([
    ['no id', '- {synapse_idp_id: oidc}', /`upstream_oauth2.providers\[0\].id` is missing/],
    ['an id that is no ULID', '- {id: keycloak}', /is no ULID: "keycloak"/],
    [
      'an id twice',
      `- {id: ${ULID}}\n    - {id: ${ULID.toLowerCase()}}`,
      /providers\[1\].id` is 01ARZ3NDEKTSV4RRFFQ69G5FAV, as an earlier/,
    ],
  ])('refuse %s', async (_, yaml, message) => {
    expect(await problemsOf(withProviders(`    ${yaml}\n`))).toMatchObject([
      { message: expect.stringMatching(message) },
    ])
  })
})
