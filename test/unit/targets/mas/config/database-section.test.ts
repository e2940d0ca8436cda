import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { masConfigFiles, SECRETS } from '../../../../support/mas-config-files.ts'

const { load, path, problemsOf, write } = masConfigFiles()

describe('the database', () => {
  const database = async (yaml: string) => (await load(SECRETS + yaml)).database

  it('may be a URI', async () => {
    expect(
      await database('database:\n  uri: postgresql://mas:s%3Acret@db.example:6432/auth?ssl-mode=require\n'),
    ).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'mas',
      password: 's:cret',
      database: 'auth',
      sslMode: 'require',
      connectTimeoutMs: 30_000,
      origin: `${path('config.yaml')}:4`,
    })
  })

  it('may be said in parts', async () => {
    const yaml =
      'database:\n  host: db.example\n  port: 5433\n  username: mas\n  password: secret\n  database: auth\n  ssl_mode: verify-full\n  connect_timeout: 5\n'
    expect(await database(yaml)).toMatchObject({
      host: 'db.example',
      port: 5433,
      user: 'mas',
      password: 'secret',
      database: 'auth',
      sslMode: 'verify-full',
      connectTimeoutMs: 5000,
    })
  })

  it("is our user's own when nothing is said of it", async () => {
    const user = userInfo().username
    expect(await database('')).toMatchObject({ user, database: user, port: 5432, sslMode: 'prefer' })
  })

  it('prefers a socket to a host, and trims a password file as MAS does', async () => {
    await write('password', 'secret \n')
    expect(
      await database('database:\n  socket: /run/pg\n  host: db\n  username: mas\n  password_file: password\n'),
    ).toMatchObject({
      host: '/run/pg',
      password: 'secret',
      database: 'mas',
    })
  })

  it('takes TLS files and texts over what the URI says', async () => {
    const yaml =
      'database:\n  uri: postgresql://mas@db/mas?sslrootcert=/old.pem\n  ssl_mode: verify-ca\n  ssl_ca: PEM\n  ssl_certificate_file: /c.pem\n  ssl_key: KEY\n'
    const settings = await database(yaml)
    expect(settings).toMatchObject({ sslMode: 'verify-ca', sslRootCertPem: 'PEM', sslCert: '/c.pem', sslKeyPem: 'KEY' })
    expect(settings).not.toHaveProperty('sslRootCert')
  })

  it.each([
    ['uri and parts', 'uri: postgresql://mas@db/mas\n  host: db', /both `uri` and `host`/],
    ['two passwords', 'host: db\n  password: a\n  password_file: b', /both `password` and `password_file`/],
    ['two authorities', 'host: db\n  ssl_ca: a\n  ssl_ca_file: b', /both `ssl_ca` and `ssl_ca_file`/],
    ['a certificate without key', 'host: db\n  ssl_certificate: a', /`ssl_certificate` but no `ssl_key`/],
    ['a key without certificate', 'host: db\n  ssl_key_file: a', /`ssl_key` but no `ssl_certificate`/],
    ['an unknown mode', 'host: db\n  ssl_mode: full', /`database.ssl_mode` must be one of disable/],
    ['a port in quotes', 'host: db\n  port: "5432"', /`database.port` must be a whole number/],
    ['a URI of something else', 'uri: mysql://mas@db/mas', /`database.uri`: /],
  ])('refuses %s', async (_, yaml, message) => {
    const problems = await problemsOf(`${SECRETS}database:\n  ${yaml}\n`)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ message: expect.stringMatching(message), at: { line: expect.any(Number) } })
  })
})
