import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { parsePostgresUrl, urlHasPassword } from '../../../src/postgres/url.ts'

const parse = (url: string) => parsePostgresUrl(url, 'SYN2OP_TEST')

const refusal = (url: string): Syn2opError => {
  try {
    parse(url)
  } catch (error) {
    if (error instanceof Syn2opError) return error
    throw error
  }
  throw new Error('The URL was accepted')
}

const problemsOf = (url: string): readonly string[] => refusal(url).problems.map((problem) => problem.message)

describe('a PostgreSQL URL', () => {
  it('gives host, port, database, user, password and TLS', () => {
    expect(
      parse('postgresql://synapse:s3cret@db.example.org:6432/matrix?sslmode=verify-full&sslrootcert=/etc/ca.pem'),
    ).toEqual({
      host: 'db.example.org',
      port: 6432,
      database: 'matrix',
      user: 'synapse',
      password: 's3cret',
      sslMode: 'verify-full',
      sslRootCert: '/etc/ca.pem',
      connectTimeoutMs: 30_000,
      origin: 'SYN2OP_TEST',
    })
  })

  it('takes both spellings of the scheme, port 5432, and the user’s name as the database', () => {
    expect(parse('postgres://synapse@db')).toMatchObject({
      port: 5432,
      database: 'synapse',
      sslMode: 'prefer',
      host: 'db',
    })
  })

  it.each([
    ['postgresql:///matrix?host=/run/postgresql&user=u', '/run/postgresql'],
    ['postgresql://u@/matrix?host=%2Frun%2Fpostgresql', '/run/postgresql'],
    ['postgresql://u@%2Frun%2Fpostgresql/matrix', '/run/postgresql'],
    ['postgresql://u@[::1]:5433/matrix', '::1'],
  ])('%s names the host %s', (url, host) => {
    expect(parse(url)).toMatchObject({ host, database: 'matrix', user: 'u' })
  })

  it('takes defaults from the environment that it is handed, and from no other', () => {
    const env = { PGUSER: 'someone', PGPASSWORD: 'secret', PGSSLMODE: 'disable', PGDATABASE: 'other' }
    expect(parsePostgresUrl('postgresql://db/matrix', 'x', { env })).toMatchObject({
      user: 'someone',
      password: 'secret',
      sslMode: 'disable',
      database: 'matrix',
    })
    expect(problemsOf('postgresql://db/matrix')).toEqual(['No user is given'])
  })

  it('reports every problem at once, each by the parameter’s name', () => {
    expect(
      problemsOf('postgresql://u@db:99999/m?sslmode=maybe&colour=red&require_auth=md5&connect_timeout=soon'),
    ).toEqual([
      'sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full',
      'colour is no connection parameter of PostgreSQL',
      'require_auth cannot be honoured: the way to log in is chosen by the server',
      'port is not a whole number from 1 to 65535',
      'connect_timeout is not a whole number from -2147483 to 2147483',
    ])
  })

  it('refuses a list of hosts by name', () => {
    expect(problemsOf('postgresql://u@a,b/m')).toEqual(['host lists several hosts'])
    expect(problemsOf('postgresql://u@/m?host=a&port=1,2')).toEqual(['port lists several hosts'])
  })

  it('counts connect_timeout in seconds; 0 and less wait for ever', () => {
    expect(parse('postgresql://u@h?connect_timeout=7').connectTimeoutMs).toBe(7000)
    expect(parse('postgresql://u@h?connect_timeout=0').connectTimeoutMs).toBe(0)
    expect(parse('postgresql://u@h?connect_timeout=-1').connectTimeoutMs).toBe(0)
  })

  it('ignores names that only dress the session', () => {
    expect(parse('postgresql://u@h/d?application_name=x&keepalives_idle=5&gssencmode=prefer')).toEqual(
      parse('postgresql://u@h/d'),
    )
  })

  it.each(['not a url', 'mysql://u@h/d', 'postgresql://u:%zz@h/d', 'postgresql://u@h/d?user=%00', ''])(
    'refuses %j',
    (url) => {
      expect(refusal(url).code).toBe('config.invalid')
    },
  )
})

const word = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\0') && !text.includes(','))
const wellFormed = word.filter((text) => text.isWellFormed())

describe('whatever the values hold', () => {
  it('percent-encoded parts come back as they were', () => {
    fc.assert(
      fc.property(
        wellFormed,
        wellFormed,
        wellFormed,
        fc.integer({ min: 1, max: 65_535 }),
        (user, password, database, port) => {
          const url = `postgresql://${[user, password].map(encodeURIComponent).join(':')}@h:${port}/${encodeURIComponent(database)}`
          expect(parse(url)).toMatchObject({ user, password, database, port })
        },
      ),
    )
  })

  it('a password is noticed, and never repeated by an error', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z$!/#?&=%]{8,20}$/), (password) => {
        const url = `postgresql://synapse:${password}@h:port/m`
        expect(urlHasPassword(url)).toBe(true)
        const error = refusal(url)
        expect(JSON.stringify([error.message, error.problems, error.next])).not.toContain(password)
      }),
    )
  })
})

describe('a password in a URL', () => {
  it.each([
    'postgresql://u:p@h/d',
    'postgresql://u:p/w@h/d',
    'postgres://u:1@h',
    'postgresql://h/d?user=u&password=x',
    'postgresql://h/d?pass%77ord=x',
  ])('is seen in %s', (url) => expect(urlHasPassword(url)).toBe(true))

  it.each([
    'postgresql://u@h:5432/d',
    'postgresql://u:@h/d',
    'postgresql://h:5432/d?options=-c%20a@b',
    'postgresql://h:5432/d?options=a@b',
    'postgresql:///d?host=/run',
    'postgresql://h/d?password=',
  ])('is not seen in %s', (url) => expect(urlHasPassword(url)).toBe(false))
})
