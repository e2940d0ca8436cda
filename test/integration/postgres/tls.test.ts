import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { connect } from '../../../src/postgres/connect.ts'
import { copyBetween } from '../../../src/postgres/copy.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { type CertificateFiles, hasOpenssl, makeCertificates } from '../../support/certificates.ts'
import { startTestPostgres, testPostgres } from '../../support/postgres.ts'

describe.skipIf(!hasOpenssl())('sslmode', () => {
  let files: CertificateFiles
  let server: Awaited<ReturnType<typeof startTestPostgres>>
  const plainServer = testPostgres()

  beforeAll(async () => {
    files = makeCertificates('only_tls')
    server = await startTestPostgres({
      configuration: { ssl: 'on', ssl_ca_file: 'ca.pem' },
      files: {
        'server.crt': files.serverCertificate,
        'server.key': files.serverKey,
        'ca.pem': readFileSync(files.authority, 'utf8'),
      },
      hba: [
        'hostssl all only_tls all cert',
        'host all only_tls all reject',
        'hostnossl all only_plain all trust',
        'host all only_plain all reject',
      ],
    })
    await server.execute('postgres', 'CREATE ROLE only_tls LOGIN', 'CREATE ROLE only_plain LOGIN')
  })

  afterAll(async () => {
    await server?.stop()
    if (files) rmSync(files.folder, { recursive: true, force: true })
  })

  /** Whether the session is encrypted, or the code of the error. */
  const outcome = async (over: Partial<PostgresSettings>, base = server.settings('postgres')): Promise<string> => {
    try {
      const client = await connect({ ...base, host: 'localhost', ...over }, { applicationName: 'tls' })
      const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
      await client.end()
      return rows[0].ssl ? 'encrypted' : 'plain'
    } catch (error) {
      if (error instanceof Syn2opError) return error.code
      throw error
    }
  }

  it('disable and allow stay in the clear, prefer and require encrypt', async () => {
    expect(await outcome({ sslMode: 'disable' })).toBe('plain')
    expect(await outcome({ sslMode: 'allow' })).toBe('plain')
    expect(await outcome({ sslMode: 'prefer' })).toBe('encrypted')
    expect(await outcome({ sslMode: 'require' })).toBe('encrypted')
  })

  it('allow and prefer go the other way when the server wants it; the others do not', async () => {
    const { password: _, ...without } = server.settings('postgres')
    const withCertificate = { user: 'only_tls', sslCert: files.clientCertificate, sslKey: files.clientKey }
    expect(await outcome({ ...withCertificate, sslMode: 'allow' }, without)).toBe('encrypted')
    expect(await outcome({ ...withCertificate, sslMode: 'disable' }, without)).toBe('database.refused')
    expect(await outcome({ user: 'only_plain', sslMode: 'prefer' }, without)).toBe('plain')
    expect(await outcome({ user: 'only_plain', sslMode: 'require' }, without)).toBe('database.refused')
  })

  it('prefer falls back where the server has no TLS, require does not', async () => {
    expect(await outcome({ sslMode: 'prefer' }, plainServer.settings('postgres'))).toBe('plain')
    expect(await outcome({ sslMode: 'require' }, plainServer.settings('postgres'))).toBe('database.untrusted')
  })

  it('verify-ca checks who signed, verify-full the name as well', async () => {
    const trusted = { sslRootCert: files.authority }
    expect(await outcome({ ...trusted, sslMode: 'verify-ca', host: '127.0.0.1' })).toBe('encrypted')
    expect(await outcome({ ...trusted, sslMode: 'verify-full', host: 'localhost' })).toBe('encrypted')
    expect(await outcome({ ...trusted, sslMode: 'verify-full', host: '127.0.0.1' })).toBe('database.untrusted')
    const wrong = { sslRootCert: files.otherAuthority }
    expect(await outcome({ ...wrong, sslMode: 'verify-ca' })).toBe('database.untrusted')
    expect(await outcome({ ...wrong, sslMode: 'verify-full' })).toBe('database.untrusted')
    expect(await outcome({ sslRootCert: 'system', sslMode: 'verify-full' })).toBe('database.untrusted')
    expect(await outcome({ sslMode: 'verify-ca' })).toBe('database.untrusted')
  })

  it('verify-full checks the configured name when hostaddr says where to connect', async () => {
    const trusted = { sslMode: 'verify-full', sslRootCert: files.authority, hostAddress: '127.0.0.1' } as const
    expect(await outcome({ ...trusted, host: 'localhost' })).toBe('encrypted')
    expect(await outcome({ ...trusted, host: 'db.example.org' })).toBe('database.untrusted')
  })

  it('require verifies the chain when a root certificate is there, as libpq does', async () => {
    expect(await outcome({ sslMode: 'require', sslRootCert: files.authority, host: '127.0.0.1' })).toBe('encrypted')
    expect(await outcome({ sslMode: 'require', sslRootCert: files.otherAuthority })).toBe('database.untrusted')
    expect(await outcome({ sslMode: 'require', sslRootCert: '/nowhere.pem' })).toBe('encrypted')
  })

  it('names the files that cannot be read', async () => {
    const over = {
      sslMode: 'verify-full',
      sslRootCert: '/no/ca.pem',
      sslCert: '/no/c.pem',
      sslKey: '/no/k.pem',
    } as const
    const error = await connect({ ...server.settings('postgres'), ...over }, { applicationName: 'x' }).catch((e) => e)
    expect(error).toMatchObject({ code: 'config.unreadable', exitCode: 64 })
    expect(error.problems.map((problem: { message: string }) => problem.message)).toEqual([
      '/no/ca.pem cannot be read',
      '/no/c.pem cannot be read',
      '/no/k.pem cannot be read',
    ])
  })

  it('a copy over TLS can be stopped too', async () => {
    await server.createDatabase('tls_copy')
    const settings = { ...server.settings('tls_copy'), sslMode: 'require' } as const
    const [from, to] = await Promise.all(['a', 'b'].map((applicationName) => connect(settings, { applicationName })))
    if (!from || !to) throw new Error('no clients')
    await to.query('CREATE TABLE slept (t text)')
    const select = 'SELECT pg_sleep(60)::text'
    const into = 'COPY slept FROM STDIN (FORMAT binary)'
    const started = Date.now()
    await expect(copyBetween({ from, to, select, into, signal: AbortSignal.timeout(200) })).rejects.toThrow(
      'interrupted',
    )
    expect(Date.now() - started).toBeLessThan(30_000)
    expect((await from.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
    await Promise.all([from.end(), to.end()])
  })
})
