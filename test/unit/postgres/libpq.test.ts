import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { GivenParameter } from '../../../src/postgres/given-parameter.ts'
import { settingsFromPsycopg } from '../../../src/postgres/libpq.ts'
import { PARAMETERS } from '../../../src/postgres/parameters.ts'
import { lookUpPassword } from '../../../src/postgres/passfile.ts'

const folder = mkdtempSync(join(tmpdir(), 'syn2op-libpq-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const settle = (args: Readonly<Record<string, string>>) => {
  const given = new Map<string, GivenParameter>()
  let line = 10
  for (const [name, value] of Object.entries(args))
    given.set(name, { value, at: { file: 'homeserver.yaml', line: line++ } })
  return settingsFromPsycopg(given, { origin: 'homeserver.yaml:9' })
}

const problems = (args: Readonly<Record<string, string>>): readonly string[] =>
  settle(args).problems.map((problem) => problem.message)

describe('psycopg2’s arguments', () => {
  it('name the database either way, and Twisted’s pool is not the database’s business', () => {
    const wanted = { user: 'u', database: 'synapse', host: 'h', port: 5432 }
    expect(settle({ user: 'u', database: 'synapse', host: 'h', cp_min: '5', cp_max: '10' }).settings).toMatchObject(
      wanted,
    )
    expect(settle({ user: 'u', dbname: 'synapse', host: 'h', cp_reconnect: 'True' }).settings).toMatchObject(wanted)
    expect(problems({ user: 'u', dbname: 'a', database: 'b', host: 'h' })).toEqual([
      'database and dbname name different databases',
    ])
  })

  it('say where a parameter stands that cannot be honoured', () => {
    expect(settle({ user: 'u', host: 'h', sslcrl: '/x', krbsrvname: 'postgres' }).problems).toEqual([
      {
        message: 'sslcrl cannot be honoured: revocation lists are not supported',
        at: { file: 'homeserver.yaml', line: 12 },
      },
      {
        message: 'krbsrvname cannot be honoured: Kerberos (GSSAPI) logins are not supported',
        at: { file: 'homeserver.yaml', line: 13 },
      },
    ])
    expect(problems({ user: 'u', dsn: 'host=x password=hunter2' }).join()).not.toContain('hunter2')
  })

  it('are either honoured, ignored for a reason, or refused for one', () => {
    const choosy = Object.entries(PARAMETERS).filter(
      ([, treatment]) => treatment.kind === 'refused' || treatment.values,
    )
    expect(choosy.length).toBeGreaterThan(20)
    for (const [name] of choosy) {
      expect(problems({ user: 'u', host: 'h', [name]: 'nonsense' }).join('\n')).toContain(name)
    }
    expect(problems({ user: 'u', host: 'h', hots: 'x' })).toEqual(['hots is no connection parameter of PostgreSQL'])
    expect(problems({ user: 'u', host: 'h', constructor: 'x' })).toEqual([
      'constructor is no connection parameter of PostgreSQL',
    ])
  })

  it('need sslcert and sslkey together', () => {
    expect(problems({ user: 'u', host: 'h', sslcert: '/c' })).toEqual(['sslcert and sslkey are only useful together'])
  })

  it('check the host name when the machine’s own authorities are asked for', () => {
    expect(settle({ user: 'u', host: 'h', sslrootcert: 'system' }).settings?.sslMode).toBe('verify-full')
  })

  it('keep the host’s name beside the address to connect to', () => {
    expect(settle({ user: 'u', host: 'db', hostaddr: '10.0.0.1' }).settings).toMatchObject({
      host: 'db',
      hostAddress: '10.0.0.1',
    })
    expect(settle({ user: 'u', hostaddr: '10.0.0.1' }).settings).toMatchObject({ host: '10.0.0.1' })
  })

  it('ask a lone host to be writable, but nothing when any will do', () => {
    expect(settle({ user: 'u', host: 'h', target_session_attrs: 'read-write' }).settings?.targetSessionAttributes).toBe(
      'read-write',
    )
    expect(settle({ user: 'u', host: 'h', target_session_attrs: 'any' }).settings).not.toHaveProperty(
      'targetSessionAttributes',
    )
  })
})

describe('a service file', () => {
  const servicefile = file(
    'service.conf',
    '# comment\n[other]\nhost=wrong\n[synapse]\nhost=right\nport=6000\nsslcrl=/x\n[z]\n',
  )

  it('gives what the arguments leave open, and is judged like them', () => {
    const clean = file('clean.conf', '[synapse]\nhost=right\nport=6000\nuser=s')
    expect(settle({ service: 'synapse', servicefile: clean, port: '7000' }).settings).toMatchObject({
      host: 'right',
      port: 7000,
      user: 's',
    })
    expect(settle({ user: 'u', service: 'synapse', servicefile }).problems).toEqual([
      { message: 'sslcrl cannot be honoured: revocation lists are not supported', at: { file: servicefile } },
    ])
  })

  it('must exist and hold the service', () => {
    expect(problems({ user: 'u', host: 'h', service: 'nobody', servicefile })).toEqual([
      `${servicefile} has no service nobody`,
    ])
    expect(problems({ user: 'u', host: 'h', service: 's', servicefile: '/nowhere' })).toEqual([
      'The service file /nowhere cannot be read',
    ])
    expect(problems({ user: 'u', host: 'h', service: 's' })).toEqual(['service names no file'])
  })
})

describe('a password file', () => {
  const args = { user: 'u', host: 'h', dbname: 'd' }

  it('gives the password of the first line that matches', () => {
    const passfile = file('pass', '# h:5432:d:u:no\nh:5432:e:u:wrong\nh:*:d:u:a\\:b\\\\c:d\n*:*:*:*:last\n')
    expect(settle({ ...args, passfile }).settings?.password).toBe('a:b\\c:d')
    expect(settle({ ...args, passfile, password: 'own' }).settings?.password).toBe('own')
  })

  it('may hold no password for the connection', () => {
    expect(settle({ ...args, passfile: file('none', 'x:1:y:z:p\n') }).settings).not.toHaveProperty('password')
  })

  it.skipIf(process.platform === 'win32')('must not be readable by others', () => {
    const passfile = file('open', '*:*:*:*:p\n', 0o644)
    expect(settle({ ...args, passfile }).problems).toMatchObject([
      { message: `Others may read the password file ${passfile}`, remedy: `chmod 0600 ${passfile}` },
    ])
  })

  it('finds any fields again, however they are written', () => {
    const field = fc
      .string({ minLength: 1 })
      .filter((text) => !/[\r\n]/.test(text) && !text.startsWith('#') && text !== '*')
    const escaped = (text: string): string => text.replace(/[\\:]/g, '\\$&')
    fc.assert(
      fc.property(field, field, field, field, (host, database, user, password) => {
        const text = `${[host, '5432', database, user, password].map(escaped).join(':')}\n`
        expect(lookUpPassword(text, { host, port: 5432, database, user })).toBe(password)
        expect(lookUpPassword(text, { host, port: 5433, database, user })).toBeUndefined()
      }),
    )
  })

  it('calls a unix socket localhost', () => {
    expect(
      lookUpPassword('localhost:5432:d:u:p', { host: '/run/postgresql', port: 5432, database: 'd', user: 'u' }),
    ).toBe('p')
  })
})
