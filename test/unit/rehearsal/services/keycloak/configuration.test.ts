import { describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../../../src/postgres/settings.ts'
import {
  configurationText,
  databaseConfiguration,
} from '../../../../../src/rehearsal/services/keycloak/configuration.ts'

const settings: PostgresSettings = {
  host: 'db.example.org',
  port: 5433,
  database: 'keycloak',
  user: 'owner',
  password: 'p',
  sslMode: 'disable',
  connectTimeoutMs: 0,
  origin: 'test',
}

describe('the database of a Keycloak on this machine', () => {
  it('is reached as PostgreSQL is told', () => {
    expect(databaseConfiguration(settings)).toEqual({
      'db': 'postgres',
      'db-url': 'jdbc:postgresql://db.example.org:5433/keycloak?sslmode=disable',
      'db-username': 'owner',
      'db-password': 'p',
    })
  })

  it('is trusted as the settings say', () => {
    const urlOf = (more: Partial<PostgresSettings>) => databaseConfiguration({ ...settings, ...more })?.['db-url']
    expect(urlOf({ sslMode: 'verify-full', sslRootCert: '/etc/ca.pem' })).toMatch(
      /\?sslmode=verify-full&sslrootcert=%2Fetc%2Fca\.pem$/u,
    )
    expect(urlOf({ sslMode: 'verify-full', sslRootCert: 'system' })).toContain('sslfactory=org.postgresql.ssl.')
    expect(urlOf({ host: '::1' })).toContain('//[::1]:5433/')
  })

  it('is none where Java cannot reach it', () => {
    expect(databaseConfiguration({ ...settings, host: '/run/postgresql' })).toBeUndefined()
    expect(databaseConfiguration({ ...settings, hostAddress: '10.0.0.1' })).toBeUndefined()
    expect(databaseConfiguration({ ...settings, sslRootCertPem: 'PEM' })).toBeUndefined()
  })
})

describe('a keycloak.conf', () => {
  it('has values as they are to arrive', () => {
    expect(configurationText({ a: 'plain', b: String.raw`\ ${'$'}{x} $$` })).toBe(
      ['a=plain\n', String.raw`b=\\ \\${'$'}{x} \\${'$'}\\${'$'}`, '\n'].join(''),
    )
  })
})
