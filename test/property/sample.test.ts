import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fittingNames } from '../../src/rehearsal/sample/configuration/fitting.ts'
import { maskedNamespace } from '../../src/rehearsal/sample/configuration/masked-namespace.ts'
import { chunksOf, isInNamespace } from '../../src/rehearsal/sample/configuration/namespace-pieces.ts'
import { lineOf } from '../../src/rehearsal/sample/folder/lines.ts'
import { inSmallLetters } from '../../src/rehearsal/sample/mask/capitals.ts'
import { drawsByKey } from '../../src/rehearsal/sample/mask/draws.ts'
import { type Masker, masker, type Row } from '../../src/rehearsal/sample/mask/masker.ts'
import { redraw } from '../../src/rehearsal/sample/mask/redraw.ts'
import { textsSeen } from '../../src/rehearsal/sample/mask/texts-seen.ts'
import { leaksInTexts, type Secret } from '../support/sample/leaks.ts'

const SERVERS = [
  'demo.example',
  'matrix.some-organisation.org:8448',
  'localhost',
  'a.b',
  '192.0.2.77:8448',
  '192.168.17.5',
  'matrix.163.example',
  'example.example',
  '[2001:db8::17]:8448',
]

/** Names that are parts of others, of one letter, of signs alone, of all scripts, and what looks like something else. */
const NAMES = [
  'ann',
  'anna',
  'annabell',
  'annabella',
  'Annabella',
  'ANNABELLA',
  'a',
  'b',
  '0',
  '7',
  '12345678',
  '123456789',
  '4915112345678',
  '........',
  '--------',
  '@@@@@@@@',
  'a.b.c.d.e.f.g.h',
  'мария.иванова',
  'Мария.Иванова',
  '王小明王小明王小明',
  '🦊🦊🦊🦊🦊🦊🦊🦊',
  'ＡＬＩＣＥ-ｗｉｄｅ',
  'Zoë Müller-Ångström',
  'Աննա Հակոբյան',
  'Ԁԃ Ɓɐ',
  '_irc_somebody',
  '_irc_',
  '_telegram_4711',
  'Telegram_12',
  'telegram_12',
  'TELEGRAM_13',
  'irc_somebody',
  'irc',
  'syt_YW5uYWJlbGxh_abcdefghijklmnop_123456',
  'YW5uYWJlbGxh',
  'b4a2b8f0-6a39-4c7f-9d43-0f3f7b1d5a01',
  'annabella@mail.example',
  'x'.repeat(300),
  'ab'.repeat(400),
  'with "quotes" and \\ and \n lines',
  'example.org',
  'demo.example',
  '2026-11-01',
  'מרחבא שלום',
  'नमस्ते दुनिया',
  'e\u0301'.repeat(6),
  '\u2028\u2029\u2028\u2029\u2028\u2029\u2028\u2029',
]

const letters = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 14 }).filter((text) => !text.includes('\0'))
const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: letters })
const localpart = name.map((text) => text.replaceAll(':', '.'))

const person = fc.record({
  localpart,
  displayname: fc.option(name),
  email: fc
    .tuple(name, fc.constantFrom('mail.example', 'Mail.Example', 'bücher.example', ''))
    .map(([one, domain]) => (domain === '' ? one : `${one}@${domain}`)),
  phone: fc.constantFrom('+447900000001', '447900000001', '12345678', '0151 2345678'),
  subject: name,
  device: name,
  token: fc.oneof(name, fc.constantFrom('MDAxY2xvY2F0aW9uIGRlbW8uZXhhbXBsZQowMDEz', 'abc', 'syt_', 'syr_x')),
})

const namespacesAt = (serverName: string): readonly string[] => {
  const written = serverName.replaceAll(/[.[\]]/gu, String.raw`\$&`)
  return [
    '@_irc_.*:demo\\.example',
    '@_telegram_[0-9]+:.*',
    '@(?:irc|xmpp)-.+',
    '.*_bot:',
    '(?i)@Telegram_.*',
    '@Telegram_.*',
    `@irc_.*:${written}$`,
    `@_irc_.*:${written.replace(/\\.[^.]*$/u, '')}|@[0-9]+:${written}`,
  ]
}

const people = fc.constantFrom(...SERVERS).chain((serverName) => peopleOf(serverName))

const peopleOf = (serverName: string) =>
  fc.record({
    serverName: fc.constant(serverName),
    namespaces: fc.subarray([...namespacesAt(serverName)]),
    people: fc.uniqueArray(person, { minLength: 1, maxLength: 25, selector: (one) => one.localpart }),
    key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  })

type People = typeof people extends fc.Arbitrary<infer Each> ? Each : never

interface Masked {
  readonly masker: Masker
  readonly tables: readonly (readonly [table: string, source: Row, masked: Row])[]
  readonly secrets: readonly Secret[]
}

const secretsOf = ({ serverName, people: all }: People): readonly Secret[] => [
  { what: 'server', text: serverName },
  ...all.flatMap((one) =>
    [one.localpart, one.displayname, one.email, one.phone, one.subject, one.device, one.token].flatMap((text, index) =>
      text ? [{ what: `name ${index}`, text }] : [],
    ),
  ),
]

const rowsOf = ({ serverName, people: all }: People): readonly (readonly [string, Row])[] =>
  all.flatMap((one): readonly (readonly [string, Row])[] => {
    const user_id = `@${one.localpart}:${serverName}`
    const { device: device_id } = one
    const today = `syt_${Buffer.from(one.localpart).toString('base64').replace(/=+$/u, '')}_abcdefghijABCDEFGHIJ_1a2B3c`
    return [
      [
        'users',
        { name: user_id, password_hash: `$2b$12$${one.token}`, creation_ts: '1614834367', user_type: one.subject },
      ],
      [
        'profiles',
        {
          user_id: one.localpart,
          full_user_id: user_id,
          displayname: one.displayname,
          avatar_url: `mxc://${serverName}/${one.device}`,
          fields: `{"x":"${one.email}"}`,
        },
      ],
      ['user_threepids', { user_id, medium: 'email', address: one.email, added_at: '1614834367000' }],
      ['user_threepids', { user_id, medium: 'msisdn', address: one.phone, added_at: '0' }],
      ['user_external_ids', { user_id, auth_provider: 'oidc-keycloak', external_id: one.subject }],
      ['devices', { user_id, device_id, display_name: one.displayname, user_agent: one.email, ip: '198.51.100.7' }],
      ['access_tokens', { id: '12345678', user_id, device_id, token: one.token }],
      ['access_tokens', { id: '2', user_id, device_id, token: today }],
      ['account_data', { user_id, content: one.email }],
      ['background_updates', { update_name: one.localpart, progress_json: `{"error":"${one.localpart}"}` }],
    ]
  })

const mask = (all: People, extra: readonly string[] = []): Masked => {
  const draws = drawsByKey(Buffer.from(all.key))
  const seen = textsSeen(2000)
  const secrets = secretsOf(all)
  for (const text of [...secrets.map((one) => one.text), ...extra]) seen.add(text)
  const { serverName } = all
  const pattern = (regex: string): string => maskedNamespace(regex, made, serverName)
  const services = [
    {
      id: 'a',
      file: '',
      sender: 'bot',
      msc4190: false,
      users: all.namespaces.map((regex) => ({ regex, exclusive: true })),
    },
  ]
  const made: Masker = masker({
    draws,
    seen,
    serverName,
    providers: { kept: [], masked: [] },
    hashes: { of: (hash) => (hash.startsWith('$2b$12$') ? '$2b$12$' : ''), fits: () => false },
    chunks: chunksOf(all.namespaces, []),
    fits: fittingNames(services, { serverName, masked: pattern, maskedServer: () => made.servers.of(serverName) }),
    remembers: 'all',
  })
  return {
    masker: made,
    secrets,
    tables: rowsOf(all).map(([table, row]) => [table, row, made.row(table, row)]),
  }
}

const textOf = ({ tables }: Masked): ReadonlyMap<string, string> =>
  new Map([
    [
      'rows.jsonl',
      tables
        .map(([, , row]) =>
          lineOf(
            row,
            new Map([
              ['id', 'bigint'],
              ['creation_ts', 'bigint'],
              ['added_at', 'bigint'],
            ]),
          ),
        )
        .join('\n'),
    ],
  ])

describe('what was seen', () => {
  it('is known, as a whole, in other capitals, and within another text from eight characters on', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 50 }), letters, (texts, around) => {
        const seen = textsSeen(texts.length)
        for (const text of texts) seen.add(text)
        for (const text of texts) {
          expect(seen.isIn(text)).toBe(true)
          expect(seen.isIn(text.toLowerCase())).toBe(true)
          if ([...text].length >= 8) expect(seen.isIn(`x${around}\n${text}\n${around}`)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('masked people', () => {
  it('are not found by any name of anybody, however hostile the names', () => {
    fc.assert(
      fc.property(people, (all) => {
        const masked = mask(all)
        expect(leaksInTexts(textOf(masked), masked.secrets)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('are not found either where others are called as they would have been masked', () => {
    fc.assert(
      fc.property(people, (all) => {
        const first = mask(all)
        const alike = first.tables.flatMap(([, , row]) => Object.values(row).filter((cell) => cell !== null))
        const localparts = first.tables.flatMap(([table, , { user_id }]) =>
          table === 'profiles' && user_id ? [user_id] : [],
        )
        const taken = [...new Set([...alike, ...localparts])].filter(
          (text) => /[\p{L}\p{N}]{3}/u.test(text) && !/^(?:\d+|oidc.*|email|msisdn)$/u.test(text),
        )
        const masked = mask(all, taken)
        const called = localparts
          .filter((text) => taken.includes(text))
          .map((text) => ({ what: 'a localpart as masked before', text }))
        expect(leaksInTexts(textOf(masked), [...masked.secrets, ...called])).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('stay as many, and each is the same person everywhere', () => {
    fc.assert(
      fc.property(people, (all) => {
        const { tables, masker: made } = mask(all)
        for (const kind of ['name', 'user_id', 'external_id', 'device_id', 'token']) {
          const pairs = new Map(
            tables.flatMap(([table, from, to]) =>
              from[kind] && to[kind] && table !== 'profiles' ? [[from[kind], to[kind]]] : [],
            ),
          )
          expect(new Set(pairs.values()).size, kind).toBe(pairs.size)
        }
        for (const [table, from, to] of tables) {
          if (table !== 'access_tokens' || !from['token']?.endsWith('_abcdefghijABCDEFGHIJ_1a2B3c')) continue
          const inside = Buffer.from(to['token']?.split('_')[1] ?? '', 'base64').toString()
          if (/^[\w.-]+$/u.test(inside)) expect(`@${inside}:${made.servers.of(all.serverName)}`).toBe(to['user_id'])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are in the masked namespaces of whichever application services they were in', () => {
    fc.assert(
      fc.property(people, (all) => {
        const { masker: made } = mask(all)
        for (const regex of all.namespaces) {
          const other = maskedNamespace(regex, made, all.serverName)
          for (const { localpart: own } of all.people) {
            const mxid = `@${own}:${all.serverName}`
            expect(isInNamespace(other)?.(made.mxid(mxid)), `${regex} ${mxid} ${other} ${made.mxid(mxid)}`).toBe(
              isInNamespace(regex)?.(mxid),
            )
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('differ in capitals alone where they did, and keep their lengths where nobody is called so', () => {
    const all: People = { serverName: 'demo.example', namespaces: [], key: new Uint8Array(16), people: [] }
    const { masker: made } = mask(all)
    const of = (text: string) => made.mxid(`@${text}:demo.example`)
    expect(of('Annabella').toLowerCase()).toBe(of('annabella'))
    expect(of('Annabella')).not.toBe(of('annabella'))
    expect(of('мария')).toHaveLength('@мария:demo.example'.length)
    const email = (address: string) => made.row('user_threepids', { user_id: 'x', medium: 'email', address })['address']
    expect(email('Twin@mail.example')?.toLowerCase()).toBe(email('twin@mail.example'))
    expect(email('twin@mail.example ')).toBe(`${email('twin@mail.example')} `)
    const phone = (address: string) =>
      made.row('user_threepids', { user_id: 'x', medium: 'msisdn', address })['address']
    expect(phone('+447900000001')).toBe(`+${phone('447900000001')}`)
    expect(phone('447900000001')).toMatch(/^[1-9]\d{11}$/u)
  })
})

const WORDS =
  'the quick brown fox jumps over lazy dogs while seventeen wizards brew quiet potions beneath old bridges über мария 2026'

/** As prose repeats itself, and so long that it matters what it takes in an index. */
const longText = fc
  .array(fc.constantFrom(...WORDS.split(' ')), { minLength: 200, maxLength: 500, size: 'max' })
  .map((words) => words.join(' '))

describe('a text drawn anew', () => {
  it('differs in case alone from what was drawn of the same text in other capitals, however long both are', () => {
    const capitals = fc.array(fc.boolean(), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(fc.oneof(name, longText), capitals, fc.constantFrom('copied', 'drawn'), (text, where, repeats) => {
        const small = inSmallLetters(text)
        const other = withCapitalsAt(small, where)
        fc.pre(inSmallLetters(other) === small)
        const drawn = (each: string) =>
          redraw(each, drawsByKey(Buffer.from('a key for tests alone'))('x', small), 'none', repeats)
        expect(inSmallLetters(drawn(other))).toBe(inSmallLetters(drawn(small)))
        expect(drawn(other)).toBe(drawn(other))
      }),
      { numRuns: 100 },
    )
  })
})

const withCapitalsAt = (text: string, where: readonly boolean[]): string =>
  [...text].map((letter, index) => (where[index % where.length] ? letter.toUpperCase() : letter)).join('')
