import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { asTheSample } from '../../../src/rehearsal/ends/mas/as-the-sample.ts'
import { maskedHomeserver } from '../../../src/rehearsal/sample/configuration/masked-homeserver.ts'
import { maskedRegistrations } from '../../../src/rehearsal/sample/configuration/masked-registrations.ts'
import { cellsOf, copyLine, lineOf } from '../../../src/rehearsal/sample/folder/lines.ts'
import { newFolder } from '../../../src/rehearsal/sample/folder/new-folder.ts'
import { sampleKey } from '../../../src/rehearsal/sample/folder/sample-key.ts'
import { loadSample } from '../../../src/rehearsal/sample/load-sample.ts'
import { drawsByKey } from '../../../src/rehearsal/sample/mask/draws.ts'
import { maskedHashes } from '../../../src/rehearsal/sample/mask/hashes.ts'
import { masker } from '../../../src/rehearsal/sample/mask/masker.ts'
import { maskedProviders } from '../../../src/rehearsal/sample/mask/providers.ts'
import { redraw } from '../../../src/rehearsal/sample/mask/redraw.ts'
import { tellTales } from '../../../src/rehearsal/sample/mask/tell-tales.ts'
import { textsSeen } from '../../../src/rehearsal/sample/mask/texts-seen.ts'
import { maskedTokens } from '../../../src/rehearsal/sample/mask/tokens.ts'
import { readSynapseFiles } from '../../../src/synapse/config-files.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'

const draws = drawsByKey(Buffer.from('a key for tests alone'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-unit-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the key of a sample', () => {
  it('is made for its owner alone, and is the same the next time', async () => {
    const file = join(folder, 'key')
    const key = await sampleKey(file, join(folder, 'out'))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await sampleKey(file, join(folder, 'out'))).toEqual(key)
  })

  it('is refused in the folder that is given away, where others may read it, and where it is short', async () => {
    await expect(sampleKey(join(folder, 'out', 'key'), join(folder, 'out'))).rejects.toMatchObject({ code: 'usage' })
    const file = join(folder, 'key')
    await sampleKey(file, join(folder, 'out'))
    await chmod(file, 0o644)
    await expect(sampleKey(file, join(folder, 'out'))).rejects.toMatchObject({ code: 'usage' })
    await writeFile(join(folder, 'short'), 'short', { mode: 0o600 })
    await expect(sampleKey(join(folder, 'short'), join(folder, 'out'))).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('the folder of a sample', () => {
  it('is there when it is finished, and leaves nothing when it is not', async () => {
    const out = join(folder, 'sample')
    const one = await newFolder(out)
    await writeFile(join(one.path, 'manifest.json'), '{}')
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.sample\.unfinished-/u)])
    await one.finish()
    expect(await readdir(out)).toEqual(['manifest.json'])
    await (await newFolder(join(folder, 'other'))).discard()
    expect(await readdir(folder)).toEqual(['sample'])
  })

  it('is not put over anything but a sample', async () => {
    const out = join(folder, 'mine')
    await mkdir(out)
    await writeFile(join(out, 'letter.txt'), 'mine')
    await expect(newFolder(out)).rejects.toMatchObject({ code: 'usage' })
    expect(await readFile(join(out, 'letter.txt'), 'utf8')).toBe('mine')
  })

  it('is refused by the loader where it is none, or of another format', async () => {
    const load = () =>
      loadSample(folder, {
        createDatabase: () => Promise.reject(new Error('nothing is to be made')),
        folder,
        signal: new AbortController().signal,
      })
    await expect(load()).rejects.toMatchObject({ code: 'config.unreadable' })
    await writeFile(join(folder, 'manifest.json'), '{"format": 99}')
    await expect(load()).rejects.toMatchObject({ code: 'config.invalid' })
  })
})

describe('a line of a sample', () => {
  const types = new Map([
    ['name', 'text'],
    ['made', 'bigint'],
    ['more', 'text'],
  ])

  it('gives back what it was made of, and holds no long number', () => {
    const row = { name: 'a\u2028b\tc\n\\N "d"', made: '-1614834367', more: null }
    const line = lineOf(row, types)
    expect(line).not.toMatch(/\d{5}|\u2028|\n/u)
    expect(cellsOf(line, types, 'here')).toEqual(Object.values(row))
    expect(copyLine(cellsOf(line, types, 'here'))).toBe('a\u2028b\\tc\\n\\\\N "d"\t-1614834367\t\\N\n')
  })

  it('is refused where it is none', () => {
    expect(() => cellsOf('[', types, 'users.jsonl:3')).toThrow('users.jsonl:3')
    expect(() => cellsOf('{"name": 3}', types, 'users.jsonl:4')).toThrow('users.jsonl:4')
  })
})

describe('masked hashes', () => {
  it('keep kind, cost and length, and are damaged as they were', async () => {
    const good = `$2a$04$${'a'.repeat(53)}`
    const dear = `$2b$31$${'b'.repeat(53)}`
    const hashes = await maskedHashes(['$2a$04$', '$2b$31$'], { draws, password: 'x', pepper: '' })
    expect(hashes.of(good)).toMatch(/^\$2a\$04\$.{53}$/u)
    expect(hashes.of(dear)).toMatch(/^\$2b\$31\$.{53}$/u)
    expect([hashes.fits(good), hashes.fits(dear)]).toEqual([true, false])
    for (const damaged of [
      '$2b$12$short',
      '{SSHA}c2VjcmV0c2VjcmV0',
      'plain password',
      '$argon2id$v=19$m=1,t=1,p=1$abcd$efgh',
    ]) {
      expect(hashes.of(damaged)).toHaveLength(damaged.length)
      expect(hashes.of(damaged)).not.toBe(damaged)
    }
    expect(hashes.of('')).toBe('')
  })
})

describe('names of providers', () => {
  const names = (all: readonly string[], ...texts: readonly string[]) => {
    const watched = tellTales(all)
    for (const text of texts) watched.see(text)
    const masked = watched.found()
    return { masked, kept: all.filter((name) => !masked.includes(name)) }
  }
  const ALL = ['oidc-keycloak', 'Oidc-Keycloak', 'keycloak', 'oidc-github', 'oidc-matrix-organisation-org', 'oidc-ann']

  it('tell nothing of people who are called otherwise, or whose short names are parts of them', () => {
    expect(names(ALL, 'git', 'hub', 'matrix', 'annabella', 'oidc', 'keycloaked', '').masked).toEqual([])
  })

  it('tell who is called so, in other capitals too, and hold names of eight or more characters', () => {
    expect(names(ALL, 'ANN').masked).toEqual(['oidc-ann'])
    expect(names(ALL, 'oidc-GITHUB').masked).toEqual(['oidc-github'])
    expect(names(ALL, 'organisation').masked).toEqual(['oidc-matrix-organisation-org'])
    expect(names(ALL, 'matrix-o').masked).toEqual(['oidc-matrix-organisation-org'])
  })

  describe('beside hosts', () => {
    const masked = (all: readonly string[], whose: 'own' | 'another', ...hosts: readonly string[]) => {
      const watched = tellTales(all)
      for (const host of hosts) watched.seeHost(host, whose)
      return watched.found()
    }

    it('tell of a part of one from four letters on, of one of three where it is a word of theirs', () => {
      const all = ['oidc-organisation', 'Acme', 'oidc-acmestaff', 'oidc-kth-login', 'oidc-kthx', 'oidc-else']
      expect(masked(all, 'another', 'matrix.Organisation.org:8448')).toEqual(['oidc-organisation'])
      expect(masked(all, 'another', 'acme.example')).toEqual(['Acme', 'oidc-acmestaff'])
      expect(masked(all, 'another', 'kth.se')).toEqual(['oidc-kth-login'])
      expect(masked(['uni', 'heidelberg'], 'another', 'mail.uni-heidelberg.de.')).toEqual(['uni', 'heidelberg'])
      expect(masked(['oidc-tu-do'], 'another', 'tu-do.example')).toEqual(['oidc-tu-do'])
    })

    it('tell of a homeserver or an issuer that begins with theirs, not of every domain of an address that does', () => {
      expect(masked(['oidc-acme'], 'own', 'acmecorp.example')).toEqual(['oidc-acme'])
      expect(masked(['oidc-acme'], 'another', 'acmecorp.example')).toEqual([])
    })

    it('tell nothing by the last part of one, by numbers, and by what many are called', () => {
      const all = [
        'oidc-keycloak',
        'oidc-github',
        'oidc-gitlab',
        'oidc-google',
        'matrix',
        'staff-login',
        'berlin',
        '192',
      ]
      const hosts = [
        'gitlab.com',
        'keycloak.x.berlin',
        'users.noreply.github.com',
        'google.com',
        'matrix.org',
        '192.0.2.7',
      ]
      expect(masked(all, 'own', ...hosts, 'login.staff.example', 'cloak.example', '[2001:db8::192]', '')).toEqual([])
    })

    it('of one part alone tell of it', () => {
      expect(masked(['acme-staff', 'localhost'], 'own', 'acme', 'localhost')).toEqual(['acme-staff'])
    })
  })

  it('are masked with those that are nearly the same, and are nearly the same still', () => {
    const found = names(ALL, 'Keycloak')
    expect(found.masked).toEqual(['oidc-keycloak', 'Oidc-Keycloak', 'keycloak'])
    const made = maskedProviders({ draws, seen: textsSeen(1), ...found })
    expect(made.of('oidc-github')).toBe('oidc-github')
    expect(made.idpId('github')).toBe('github')
    const [one = '', other = '', bare = ''] = found.masked.map(made.of)
    expect(one).not.toContain('keycloak')
    expect([other.toLowerCase(), `oidc-${bare}`, `oidc-${made.idpId('keycloak')}`]).toEqual([one, one, one])
  })

  const ofThese = (masked: readonly string[], kept: readonly string[] = [], called: readonly string[] = []) => {
    const seen = textsSeen(called.length)
    for (const text of called) seen.add(text)
    return maskedProviders({ draws, seen, kept, masked })
  }

  it('are never masked as another’s that is kept or masked, or as what somebody is called', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `oidc-${letter}`)
    const [gone = '', ...kept] = letters
    expect(letters).not.toContain(ofThese([gone], kept).of(gone))
    const all = ofThese(letters)
    expect(new Set([...letters, ...letters.map(all.of)]).size).toBe(2 * letters.length)
    const first = ofThese(['oidc-acme']).of('oidc-acme')
    expect(ofThese(['oidc-acme'], [], [first]).of('oidc-acme')).not.toBe(first)
  })

  it('say nothing of how another is masked: the same letter becomes another in each', () => {
    const { of } = ofThese(['oidc-github', 'oidc-google', 'oidc-keycloak', 'oidc-acme-staff'])
    const usual = ['github', 'google', 'keycloak'].map((name) => [name, of(`oidc-${name}`).slice('oidc-'.length)])
    const tables = usual.map(([name = '', other = '']) => new Map([...name].map((letter, at) => [letter, other[at]])))
    const [first, ...others] = tables
    expect(others.some((table) => table.get('g') !== undefined && table.get('g') !== first?.get('g'))).toBe(true)
    // Within a name too: the two letters of google are not one.
    const same = Array.from({ length: 40 }, (_, index) => `oo${index}`).map((name) => ofThese([name]).of(name))
    expect(same.filter(([one, two]) => one !== two).length).toBeGreaterThan(30)
    expect(ofThese(['oidc-acme-staff']).of('oidc-acme-staff')).toBe(of('oidc-acme-staff'))
  })

  it('keep prefix, blanks, capitals and lengths, as they stand in homeserver.yaml too', () => {
    const near = ['oidc-keycloak', ' Oidc-KeyCloak ', 'keycloak', 'KEYCLOAK', '---', 'oidc-oidc-x', 'oidc-saml', 'saml']
    const made = ofThese(near)
    const [plain = '', odd = '', bare = '', loud = '', signs = ''] = near.map(made.of)
    expect(plain).toMatch(/^oidc-[a-z]{8}$/u)
    expect(odd).toMatch(/^ Oidc-[A-Z][a-z]{2}[A-Z][a-z]{4} $/u)
    expect([odd.trim().toLowerCase(), `oidc-${bare}`, `oidc-${loud.toLowerCase()}`]).toEqual([plain, plain, plain])
    expect(signs).not.toBe('---')
    for (const id of ['keycloak', 'oidc-x', 'saml']) expect(`oidc-${made.idpId(id)}`).toBe(made.of(`oidc-${id}`))
    expect([made.of('saml'), made.of('oidc'), made.idpId('oidc')]).toEqual(['saml', 'oidc', 'oidc'])
  })

  it('that nobody knew of are masked', () => {
    const { kept, masked } = names(ALL)
    expect(ofThese(masked, kept).of('oidc-somebody')).not.toContain('somebody')
  })
})

describe('a text in capitals', () => {
  it.each(['Armenian Աննա Հակոբյան', 'Komi Ԁԃԅԇ', 'Hausa ɓɗƙ', 'Latin Zoë', 'Greek Άννα', 'Cyrillic Мария'])(
    'takes as many bytes when it is drawn anew, and differs in case alone from what becomes of the small one: %s',
    (text) => {
      const small = text.toLowerCase().repeat(10)
      const drawn = (each: string) => redraw(each, draws('x', small))
      const other = drawn(small.toUpperCase())
      expect(Buffer.byteLength(other)).toBe(Buffer.byteLength(small))
      expect(other.toLowerCase()).toBe(drawn(small))
      expect(other).toBe(drawn(small).toUpperCase())
    },
  )
})

describe('a long text drawn anew', () => {
  const WORDS =
    'the quick brown fox jumps over lazy dogs while seventeen wizards brew quiet potions beneath old bridges'
  /** Prose of so many words: none follows another in an order that comes again soon. */
  const prose = (words: number): string => {
    const all = WORDS.split(' ')
    const each = draws('prose', '')
    return Array.from({ length: words }, () => all[each.next(all.length)]).join(' ')
  }
  const drawn = (text: string, repeats?: 'copied' | 'drawn') => redraw(text, draws('x', text), 'none', repeats)
  /** Into how many letters one letter goes. */
  const images = (text: string, other: string, letter: string): number =>
    new Set([...other].filter((_, at) => text[at] === letter)).size

  it('is no cipher: a letter becomes many, and one comes of many', () => {
    const text = prose(100)
    const other = drawn(text)
    expect(text.length).toBeGreaterThan(400)
    expect(other).toHaveLength(text.length)
    expect(other.replace(/[a-z]/gu, 'x')).toBe(text.replace(/[a-z]/gu, 'x'))
    for (const letter of 'eot') expect(images(text, other, letter)).toBeGreaterThan(3)
    for (const letter of 'eot') expect(images(other, text, letter)).toBeGreaterThan(3)
  })

  it('repeats what was repeated from eight letters on, whatever the capitals, so that it fits into an index still', () => {
    for (const part of ['subject ', 'n', '0', 'ab', 'ａＬ', 'a rather long beginning / ']) {
      const text = part.repeat(1250)
      const other = drawn(text)
      expect(other).toBe(other.slice(0, part.length).repeat(1250))
      expect(other).not.toBe(text)
    }
    const [one, two] = drawn(`Some-Words${prose(80)}sOME-wORDS`).match(/^.{10}|.{10}$/gu) ?? []
    expect(two?.toLowerCase()).toBe(one?.toLowerCase())
    expect(two).toMatch(/^[a-z][A-Z]{3}-[a-z][A-Z]{4}$/u)
  })

  it('ends in letters that are all one where it would else be compressed worse', () => {
    const text = prose(2000)
    const end = drawn(text, 'drawn').slice(-2000)
    expect(new Set(end).size).toBe(2)
    expect(end.replace(/[a-z]/gu, 'x')).toBe(text.slice(-2000).replace(/[a-z]/gu, 'x'))
  })

  it('is drawn whole where it is a token: not even what is repeated can be seen', () => {
    const text = `eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.${'c3ViamVjdCBvZiBzb21lYm9keQ'.repeat(20)}.c2lnbmF0dXJl`
    const other = maskedTokens({ draws, seen: textsSeen(1), localpart: (name) => name }).of(text)
    expect(other.length).toBe(text.length)
    expect(other.split('.').map(({ length }) => length)).toEqual(text.split('.').map(({ length }) => length))
    const parts = other.split('.')[1]?.match(/.{26}/gu) ?? []
    expect(new Set(parts).size).toBe(20)
  })
})

describe('a configuration of MAS for a sample', () => {
  const sample = { serverName: 'qwer.xq', pepper: 'made-up pepper' }

  it('has the sample’s name, pepper and secret in the place of its own, however they are given', () => {
    const own = {
      matrix: { homeserver: 'organisation.org', secret_file: 'secret', endpoint: 'https://organisation.org/' },
      passwords: {
        enabled: true,
        schemes: [
          { version: 1, algorithm: 'bcrypt', secret_file: 'pepper' },
          { version: 2, algorithm: 'bcrypt', secret: 'pepper' },
          { version: 3, algorithm: 'argon2id' },
        ],
      },
      upstream_oauth2: { providers: [{ synapse_idp_id: 'oidc-github' }] },
    }
    const delegation = { enabled: true, secret: 'made-up-secret', at: { file: 'homeserver.yaml', line: 1, column: 1 } }
    expect(asTheSample(own, { ...sample, delegation })).toEqual({
      ...own,
      matrix: { homeserver: 'qwer.xq', secret: 'made-up-secret', endpoint: 'https://organisation.org/' },
      passwords: {
        enabled: true,
        schemes: [
          { version: 1, algorithm: 'bcrypt', secret: 'made-up pepper' },
          { version: 2, algorithm: 'bcrypt', secret: 'made-up pepper' },
          { version: 3, algorithm: 'argon2id' },
        ],
      },
    })
  })

  it('lacks what it lacked, so that the check says so', () => {
    const schemes = [{ version: 1, algorithm: 'bcrypt' }]
    const own = { matrix: { homeserver: 'organisation.org', secret_file: 'secret' }, passwords: { schemes } }
    const matrix = { homeserver: 'qwer.xq', secret_file: 'secret' }
    expect(asTheSample(own, sample)).toEqual({ matrix, passwords: { schemes } })
    const peppered = { passwords: { schemes: [{ algorithm: 'bcrypt', secret: 'pepper' }] } }
    expect(asTheSample(peppered, { serverName: 'qwer.xq' })).toMatchObject(peppered)
  })
})

describe('a masked homeserver.yaml', () => {
  const SETTINGS = {
    server_name: 'matrix.organisation.org',
    public_baseurl: 'https://matrix.organisation.org/',
    database: {
      name: 'psycopg2',
      args: { host: 'db.organisation.org', user: 'synapse', password: 'the real password' },
    },
    password_config: {
      enabled: 'only_for_reauth',
      localdb_enabled: false,
      pepper: 'the real pepper',
      policy: { enabled: true },
    },
    enable_registration: true,
    allow_guest_access: true,
    registration_requires_token: true,
    registration_shared_secret: 'the real shared secret',
    account_validity: { enabled: true, period: '6w' },
    experimental_features: { msc3866: { enabled: true, require_approval_for_new_accounts: true } },
    refresh_token_lifetime: '5m',
    user_consent: { version: '1', template_dir: '/home/somebody' },
    email: { smtp_host: 'mail.organisation.org', smtp_user: 'postmaster@organisation.org' },
    oidc_providers: [
      {
        idp_id: 'staff-login',
        idp_name: 'Login for the staff',
        issuer: 'https://login.organisation.org/realms/staff',
        client_id: 'the-real-client',
        client_secret: 'the real client secret',
        backchannel_logout_enabled: true,
        user_mapping_provider: {
          config: { subject_claim: 'employee_number', localpart_template: '{{ localpart_from_email(user.email) }}' },
        },
      },
    ],
    cas_config: { enabled: true, server_url: 'https://cas.organisation.org' },
    jwt_config: { enabled: true, secret: 'the real jwt secret' },
    modules: [
      { module: 'ldap_auth_provider.LdapAuthProvider', config: { bind_password: 'the real bind password' } },
      { module: 'organisation_module.Secret' },
    ],
    instance_map: { main: { host: 'x', port: 1 }, organisation_worker: { host: 'x', port: 2 } },
    matrix_authentication_service: {
      enabled: false,
      secret: 'the real MAS secret',
      endpoint: 'https://auth.organisation.org',
    },
  }

  it('says the same to syn2op, and no more of the organisation than that', async () => {
    const registration = join(folder, 'organisation-bridge.yaml')
    await writeFile(
      registration,
      stringify({
        id: 'organisation-bridge',
        as_token: 'the real as_token',
        sender_localpart: '_organisation_bot',
        namespaces: { users: [{ regex: '@_organisation_.*:matrix\\.organisation\\.org', exclusive: true }] },
      }),
    )
    const file = join(folder, 'homeserver.yaml')
    await writeFile(file, stringify({ ...SETTINGS, app_service_config_files: [registration] }))
    const homeserver = await loadHomeserver([file])
    const made = masker({
      draws,
      serverName: homeserver.serverName,
      seen: textsSeen(10),
      providers: { kept: ['oidc-staff-login'], masked: [] },
      chunks: { beginnings: [], ends: [], middles: [] },
      fits: () => true,
      hashes: { of: (hash) => hash, fits: () => false },
      remembers: 'all',
    })
    const registrations = await maskedRegistrations(homeserver, made)
    const { root } = await readSynapseFiles([file])
    const text = stringify(
      maskedHomeserver({
        homeserver,
        root,
        masker: made,
        pepper: 'made up',
        registrations: registrations.map(({ name }) => name),
      }),
    )
    const all = [text, ...registrations.map((one) => one.text)].join('\n')
    // The name of a provider stays; nothing else that is called so does.
    expect(all.split('idp_id: staff-login\n')).toHaveLength(2)
    const others = all.replace('idp_id: staff-login\n', '')
    for (const secret of ['organisation', 'the real', 'staff', 'employee', 'somebody', 'postmaster']) {
      expect(others).not.toContain(secret)
    }
    const out = join(folder, 'masked')
    await mkdir(out)
    await writeFile(join(out, 'homeserver.yaml'), text)
    for (const { name, text: one } of registrations) await writeFile(join(out, name), one)
    const masked = await loadHomeserver([join(out, 'homeserver.yaml')])
    const plain = ({
      passwordsEnabled,
      passwordLocalDatabase,
      allowGuestAccess,
      enableRegistration,
      jwtEnabled,
      userConsent,
      registrationRequiresToken,
      accountValidityEnabled,
      approvalRequired,
      leftSettings,
      conflictsWithMas,
      providers,
      modules,
      workers,
      applicationServices,
      delegation,
      unreadable,
    }: typeof masked) => ({
      passwordsEnabled,
      passwordLocalDatabase,
      allowGuestAccess,
      enableRegistration,
      jwtEnabled,
      userConsent,
      registrationRequiresToken,
      accountValidityEnabled,
      approvalRequired,
      leftSettings,
      unreadable,
      conflicts: conflictsWithMas.map(({ path }) => path),
      providers: providers.map(({ kind, backchannelLogout, subject }) => [
        kind,
        backchannelLogout,
        subject === undefined,
      ]),
      modules: modules.length,
      workers: workers.length,
      services: applicationServices.length,
      enabled: delegation?.enabled,
    })
    expect(plain(masked)).toEqual(plain(homeserver))
    expect(masked.providers[0]?.issuer).toMatch(/^https:\/\/[a-z]{5}\.[a-z]{12}\.x[xq]{2}\/[a-z]{6}\/[a-z]{5}$/u)
    expect(masked.serverName).toMatch(/^[a-z]{6}\.[a-z]{12}\.xqq?$|^[a-z]{6}\.[a-z]{12}\.x[xq]{2}$/u)
  })
})
