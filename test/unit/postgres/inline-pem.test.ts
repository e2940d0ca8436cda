import { describe, expect, it } from 'vitest'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { attemptsFor } from '../../../src/postgres/tls.ts'

const settings: PostgresSettings = {
  host: 'db.example',
  port: 5432,
  database: 'mas',
  user: 'mas',
  sslMode: 'require',
  connectTimeoutMs: 1000,
  origin: 'test',
}

describe('TLS with certificates that stand in the configuration itself', () => {
  it('presents the certificate and its key', () => {
    const [attempt] = attemptsFor({ ...settings, sslCertPem: 'CERTIFICATE', sslKeyPem: 'KEY' })
    expect(attempt).toMatchObject({ cert: 'CERTIFICATE', key: 'KEY', rejectUnauthorized: false })
  })

  it.each(['require', 'verify-ca', 'verify-full'] as const)(
    'verifies the chain against the authority with %s',
    (sslMode) => {
      const [attempt] = attemptsFor({ ...settings, sslMode, sslRootCertPem: 'AUTHORITY' })
      expect(attempt).toMatchObject({ ca: 'AUTHORITY', rejectUnauthorized: true })
    },
  )
})
