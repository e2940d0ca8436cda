import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSettingsFile } from '../../../src/config/settings-file.ts'
import { FINDINGS, type FindingCode, finding } from '../../../src/findings/catalogue.ts'
import type { InitFacts, SourceFacts } from '../../../src/init/facts.ts'
import { mappingText } from '../../../src/init/mapping-text.ts'
import { settingsText } from '../../../src/init/settings-text.ts'
import { parseMapping } from '../../../src/mapping/load-mapping.ts'
import type { Mapping } from '../../../src/mapping/mapping.ts'
import { golden } from '../../support/golden.ts'
import { soundHomeserver } from '../../support/sound-mas.ts'

const source: SourceFacts = {
  accounts: 21_412,
  guests: 1_200,
  deactivated: 310,
  locked: 4,
  ofServices: 8_040,
  people: 11_862,
  providers: [
    { name: 'oidc-keycloak', count: 9_120 },
    { name: 'Oidc-Keycloak', count: 3 },
    { name: 'oauth-delegated', count: 12 },
    { name: '', count: 1 },
  ],
  emailDomains: [
    { name: 'example.org', count: 7_200 },
    { name: 'mail.example', count: 830 },
  ],
  active: 5_301,
  namespaces: [
    { service: 'irc', regex: '@_irc_.*', exclusive: true, matched: { unmarked: 40, likePeople: 0 } },
    { service: 'irc', regex: '@.*', exclusive: false, matched: { unmarked: 13_372, likePeople: 2_000 } },
    { service: 'odd', regex: '(?x)@a', exclusive: false },
  ],
}

const seen = { message: 'What was seen: # a line\nand another', remedy: [] }

const facts: InitFacts = {
  homeserver: {
    ...soundHomeserver,
    database: {
      host: 'db',
      port: 5432,
      database: 'synapse',
      user: 'synapse_user',
      password: 's3cret-of-the-file',
      sslMode: 'prefer',
      connectTimeoutMs: 1,
      origin: 'homeserver.yaml:3',
    },
    providers: [
      { authProvider: 'oidc-keycloak', kind: 'oidc', path: 'oidc_providers[0]' },
      { authProvider: 'oidc-new', kind: 'oidc', path: 'oidc_providers[1]' },
    ],
    unreadable: [
      { file: '/data/tg.yaml', key: 'app_service_config_files[2]', why: 'there is no such file here' },
      { file: '/run/secrets/mas', key: 'matrix_authentication_service.secret_path', why: 'this user may not read it' },
    ],
  },
  synapseConfig: ['/etc/matrix-synapse/homeserver.yaml', '/etc/matrix-synapse/conf.d'],
  target: { name: 'mas', configFiles: ['/etc/mas/config.yaml'], providers: ['oidc-keycloak'] },
  source,
  findings: [
    finding('SHADOW_BANS_END', { message: '2 accounts are shadow-banned today and will not be with MAS', remedy: [] }),
    finding('SYNAPSE_RUNNING', { message: 'Synapse seems to be running', remedy: [] }),
    finding('MAS_PEPPER', { message: 'The peppers differ', remedy: [] }),
  ],
  unseen: [],
  asOf: Date.parse('2026-11-22T00:00:00Z'),
}

const unseen: InitFacts = {
  homeserver: facts.homeserver,
  synapseConfig: ['/etc/matrix-synapse/homeserver.yaml'],
  target: { name: 'mas', configFiles: [] },
  unseen: [{ what: "Synapse's database", why: 'nothing listens there' }],
  asOf: facts.asOf,
}

const parsed = (text: string): Mapping => parseMapping(text, 'mapping.yaml', () => ({ names: ['a'], problems: [] }))

/** With the # away from every suggestion; of providers, which have several, those that leave. */
const withSuggestions = (text: string): string =>
  text
    .split('\n')
    .map((line) => (/^ {2}# (?:- | |.*: leave$)/u.test(line) ? line.replace('# ', '') : line))
    .join('\n')

describe('mapping.yaml as init writes it', () => {
  it('looks as it did', () => {
    expect(mappingText(facts)).toBe(golden('init-mapping.yaml', mappingText(facts)))
    expect(mappingText(unseen)).toBe(golden('init-mapping-unseen.yaml', mappingText(unseen)))
  })

  it('has rules for what is there', () => {
    expect(parsed(mappingText(facts))).toMatchObject({
      accounts: { guests: 'migrate', deactivated: 'migrate', locked: 'migrate' },
      ghosts: [],
      providers: { 'oauth-delegated': 'leave' },
      cohorts: [],
      accept: [],
    })
  })

  it('has the defaults where nothing could be looked at', () => {
    const rules = (text: string): unknown => JSON.parse(JSON.stringify({ ...parsed(text), sha256: undefined }))
    expect(rules(mappingText(unseen))).toEqual(rules('version: 1\n'))
  })

  it.each(['keycloak', 'auth0'])('has the rules that %s comes with, and offers nothing that it refuses', (name) => {
    const text = mappingText({ ...unseen, target: { ...unseen.target, name } })
    const shipped = parsed(readFileSync(`mappings/${name}.yaml`, 'utf8'))
    const { accounts, usernames, emails, attributes, conflicts } = parsed(text)
    expect({ usernames, emails, attributes, conflicts }).toEqual({
      usernames: shipped.usernames,
      emails: shipped.emails,
      attributes: shipped.attributes,
      conflicts: shipped.conflicts,
    })
    expect(accounts).toMatchObject({ guests: 'hold_back' })
    expect(text).not.toContain('adopt')
    expect(text).toContain(`\`identity_providers\` of ${name}.yaml says which takes its place`)
    expect(text).not.toContain('the target’s of the same name')
  })

  it.each(['keycloak', 'auth0'])('is beside settings that look for no database of %s', (name) => {
    const text = settingsText({ ...unseen, target: { ...unseen.target, name } })
    expect(text).toContain(`config: ${name}.yaml`)
    expect(text).not.toContain('Its database')
  })

  describe('takes nobody for a ghost who may be somebody', () => {
    const one = { service: 'irc', regex: '@_irc_.*', exclusive: true }
    const rule = (
      matched: SourceFacts['namespaces'][number]['matched'],
      logins: Partial<InitFacts['homeserver']> = {},
    ): unknown =>
      parsed(
        mappingText({
          ...facts,
          homeserver: { ...facts.homeserver, unreadable: [], ...logins },
          source: { ...source, namespaces: [matched === undefined ? one : { ...one, matched }] },
        }),
      ).registrations ?? 'none'

    it('where an account of an exclusive namespace looks like a person’s, or nobody could count', () => {
      expect(rule({ unmarked: 7, likePeople: 0 })).toBe('exclusive')
      expect(rule({ unmarked: 7, likePeople: 1 })).toBe('none')
      expect(rule(undefined)).toBe('none')
    })

    it.each([
      { modules: ['ldap_auth_provider.LdapAuthProviderModule'] },
      { modules: ['our_own.Module'] },
      { passwordProviders: ['rest_auth_provider.RestAuthProvider'] },
      { jwtEnabled: true },
    ])('where people may log in without a trace in the database: %j', (logins) => {
      expect(rule({ unmarked: 7, likePeople: 0 }, logins)).toBe('none')
      expect(rule({ unmarked: 0, likePeople: 0 }, logins)).toBe('exclusive')
    })

    it('where a registration could not be read', () => {
      expect(rule({ unmarked: 7, likePeople: 0 }, { unreadable: facts.homeserver.unreadable })).toBe('none')
    })

    it('but not for a module that lets nobody in', () => {
      expect(rule({ unmarked: 7, likePeople: 0 }, { modules: ['mjolnir.Module'] })).toBe('exclusive')
    })
  })

  it('is a mapping with its suggestions too', () => {
    const mapping = parsed(withSuggestions(mappingText(facts)))
    expect(mapping.cohorts.map(({ name }) => name)).toEqual(['pilot', 'domain-1', 'domain-2', 'active', 'quarter'])
    expect(mapping.accept.map(({ code }) => code)).toEqual(['SHADOW_BANS_END'])
    expect(mapping.providers).toEqual({
      '': 'leave',
      'Oidc-Keycloak': 'leave',
      'oauth-delegated': 'leave',
      'oidc-new': 'leave',
    })
    expect(mapping.ghosts).toEqual([String.raw`^@_irc_.*:example\.org$`])
  })

  it('suggests no rule for a provider that no rule can name', () => {
    const named = { ...facts, source: { ...source, providers: [{ name: '__proto__', count: 2 }] } }
    const lines = mappingText(named).split('\n')
    expect(lines.filter((line) => line.includes('__proto__'))).toEqual([
      '  ## __proto__: 2 identities; not in homeserver.yaml; MAS does not know it; no rule can have this name',
    ])
    expect(parsed(withSuggestions(mappingText(named))).providers).toEqual({ 'oidc-new': 'leave' })
  })

  it('stays a mapping whatever names rows and files have', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed()),
      fc.constantFrom(
        'a: b',
        '# x',
        '- ',
        '\n  x: y',
        "'",
        '"',
        '\u2028',
        '!',
        '&a',
        '*a',
        'yes',
        '1',
        '~',
        '[',
        '{',
        '-;',
      ),
      fc.constantFrom('__proto__', 'constructor', 'toString'),
    )
    const counts = fc.uniqueArray(fc.record({ name: text, count: fc.nat() }), {
      selector: ({ name }) => name,
      maxLength: 4,
    })
    const namespaces = fc.array(
      fc.record({
        service: text,
        regex: text,
        exclusive: fc.boolean(),
        matched: fc.record({ unmarked: fc.nat(), likePeople: fc.nat() }),
      }),
      { maxLength: 3 },
    )
    const codes = fc.constantFrom(...(Object.keys(FINDINGS) as FindingCode[]))
    fc.assert(
      fc.property(
        counts,
        counts,
        namespaces,
        fc.array(text, { maxLength: 3 }),
        codes,
        (providers, emailDomains, spaces, known, code) => {
          const wild: InitFacts = {
            ...facts,
            target: { ...facts.target, providers: known },
            source: { ...source, providers, emailDomains, namespaces: spaces },
            findings: [finding(code, seen)],
          }
          const mapping = parsed(withSuggestions(mappingText(wild)))
          const left = providers.map(({ name }) => name).filter((name) => !known.includes(name))
          for (const name of left) {
            if (name === '__proto__') expect(Object.hasOwn(mapping.providers, name)).toBe(false)
            else expect(mapping.providers[name]).toBe('leave')
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('syn2op.yaml as init writes it', () => {
  it('looks as it did', () => {
    expect(settingsText(facts)).toBe(golden('init-settings.yaml', settingsText(facts)))
    expect(settingsText(unseen)).toBe(golden('init-settings-unseen.yaml', settingsText(unseen)))
  })

  it('names both ends and the mapping, and holds no password', () => {
    const { values, secretFiles, problems } = parseSettingsFile(settingsText(facts), '/srv/syn2op.yaml')
    expect(problems).toEqual([])
    expect(secretFiles).toEqual({})
    expect(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value?.raw]))).toEqual({
      'synapse.config': facts.synapseConfig,
      'target.name': 'mas',
      'target.config': '/etc/mas/config.yaml',
      'mapping': 'mapping.yaml',
    })
    expect(settingsText(facts)).not.toContain('s3cret')
  })

  it('keeps a URL that was given, and only says whence one with a password came', () => {
    const plain = settingsText({ ...facts, synapseDatabase: { url: 'postgresql://reader@replica/synapse' } })
    expect(parseSettingsFile(plain, '/syn2op.yaml').values['synapse.database']?.raw).toBe(
      'postgresql://reader@replica/synapse',
    )
    const secret = settingsText({ ...facts, targetDatabase: { secretFrom: 'SYN2OP_TARGET_DATABASE' } })
    expect(parseSettingsFile(secret, '/syn2op.yaml').values).not.toHaveProperty(['target.database'])
    expect(secret).toContain('SYN2OP_TARGET_DATABASE')
  })

  it('goes on naming the file that holds a URL', () => {
    const text = settingsText({ ...facts, synapseDatabase: { file: '/etc/syn2op/database.url' } })
    expect(parseSettingsFile(text, '/syn2op.yaml').secretFiles['synapse.database']?.raw).toBe(
      '/etc/syn2op/database.url',
    )
  })

  it('names a file whatever it is called', () => {
    const names = fc.array(
      fc.string({ minLength: 1, unit: 'binary' }).filter((name) => name.isWellFormed()),
      { minLength: 1, maxLength: 3 },
    )
    fc.assert(
      fc.property(names, (files) => {
        const text = settingsText({ ...facts, synapseConfig: files })
        const { values, problems } = parseSettingsFile(text, '/syn2op.yaml')
        expect(problems).toEqual([])
        expect([values['synapse.config']?.raw].flat()).toEqual(files)
      }),
    )
  })
})
