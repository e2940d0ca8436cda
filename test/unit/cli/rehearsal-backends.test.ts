import { describe, expect, it } from 'vitest'
import { serversAgain } from '../../../src/cli/rehearsal-backends.ts'
import { loadSettings } from '../../../src/config/load-settings.ts'

const settings = (flags: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) =>
  loadSettings({ flags, env, folder: '/nowhere', file: 'none' })

describe('servers that are named again to end what is on them', () => {
  it('are those that flags have named, with their flags and no password', async () => {
    const given = await settings(
      {
        'rehearsal-postgres': 'postgresql://db.example/postgres',
        'rehearsal-keycloak': 'https://sso.example',
        'rehearsal-keycloak-user': 'admin',
      },
      { SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD: 'hunter2' },
    )
    expect(serversAgain(given, undefined)).toEqual([
      '--rehearsal-postgres',
      'postgresql://db.example/postgres',
      '--rehearsal-keycloak',
      'https://sso.example',
      '--rehearsal-keycloak-user',
      'admin',
    ])
  })

  it('are not those of the environment, which is there still and may hold a password', async () => {
    const given = await settings({}, { SYN2OP_REHEARSAL_POSTGRES: 'postgresql://a:hunter2@db.example/postgres' })
    expect(serversAgain(given, undefined)).toEqual([])
    expect(serversAgain(given, 'other.yaml')).toEqual(['--config', 'other.yaml'])
  })

  it('are none where none was given', async () => {
    expect(serversAgain(await settings({}), 'other.yaml')).toEqual([])
  })
})
