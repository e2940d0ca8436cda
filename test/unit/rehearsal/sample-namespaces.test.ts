import { describe, expect, it } from 'vitest'
import { maskedNamespace } from '../../../src/rehearsal/sample/configuration/masked-namespace.ts'
import { chunksOf, isInNamespace } from '../../../src/rehearsal/sample/configuration/namespace-pieces.ts'

/** Each letter and digit becomes the next one: what is masked can be read here. */
const next = (text: string): string =>
  text.replace(/[a-z0-9]/giu, (letter) =>
    letter === 'z'
      ? 'a'
      : letter === 'Z'
        ? 'A'
        : letter === '9'
          ? '0'
          : String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1),
  )
/** A top label is told by its capitals. */
const top = (label: string): string => next(label).toUpperCase()
const masked = (regex: string, serverName = 'contoso.example'): string =>
  maskedNamespace(regex, { localparts: { chunk: next }, servers: { label: next, top, of: next } }, serverName)
const isIn = (regex: string, mxid: string): boolean | undefined => isInNamespace(regex)?.(mxid)

describe('the namespace of an application service, masked', () => {
  it('numbers the names of groups, and what points back at them', () => {
    const other = masked('@(?P<contoso_bridge>[0-9]+)_(?P<contoso>x)(?P=contoso_bridge):contoso\\.example')
    expect(other).toBe('@(?P<group1>[0-9]+)_(?P<group2>y)(?P=group1):dpouptp\\.fybnqmf')
    expect(isIn(other, '@12_y12:dpouptp.fybnqmf')).toBe(true)
    expect(isIn(other, '@12_y13:dpouptp.fybnqmf')).toBe(false)
  })

  it('draws other letters for those of a class, and keeps ranges and signs', () => {
    expect(masked('@[contosocorp]+_.*')).toBe('@[dpoutsq]+_.*')
    expect(masked('@[^abX].*')).toBe('@[^bcY].*')
    expect(masked('@_irc_[a-z0-9._=/-]+')).toBe('@_jsd_[a-z0-9._=/-]+')
    expect(masked('@x[\\w.\\-]+')).toBe('@y[\\w.\\-]+')
    expect(masked('@[]a]x')).toBe('@[]b]y')
    // Ranges of one letter spell a name too.
    expect(masked('@[c-co-on-n]')).toBe('@[dpo]')
    expect(masked('@[\\x63\\u006f]')).toBe('@[dp]')
  })

  it.each([
    '\\x63\\x6f\\x6e\\x74',
    '\\u0063\\u006F\\u006e\\u0074',
    '\\U00000063ont',
    '\\143\\157\\156\\164',
    'c\\x6fn\\164',
  ])('takes %s for the letters that it is', (written) => {
    expect(masked(`@_${written}_.*:contoso\\.example`)).toBe('@_dpou_.*:dpouptp\\.fybnqmf')
    expect(chunksOf([`@_${written}_.*`], []).beginnings).toEqual(['_cont_'])
  })

  it('knows a colon in whatever way it is written, and flags of a group', () => {
    expect(masked('@x\\:contoso\\.example')).toBe('@y\\:dpouptp\\.fybnqmf')
    expect(masked('@x\\x3acontoso\\.example')).toBe('@y:dpouptp\\.fybnqmf')
    expect(masked('@(?i:contoso)_.*')).toBe('@(?i:dpouptp)_.*')
    expect(masked('@x\\1(?:y|z)\\d{2,3}')).toBe('@y\\1(?:z|a)\\d{2,3}')
  })

  it('says nothing of comments', () => {
    expect(masked('@x(?#the bridge of contoso).*')).toBe('@y.*')
  })

  it.each([
    '@(?P<contoso>x)?contoso_(?(contoso)y|z).*:contoso\\.example',
    '@\\N{LATIN SMALL LETTER C}ontoso_.*',
    '@[contoso',
  ])('is a coarser one for %s, which cannot be masked as it is', (regex) => {
    const other = masked(regex)
    expect(other).not.toMatch(/cont|onto/u)
    expect(isInNamespace(other)).toBeDefined()
  })

  it.each([
    ['192.168.17.5', '@irc_.*:192\\.168\\.17\\.5', '@jsd_.*:203\\.279\\.28\\.6'],
    ['192.168.17.5', '@irc_.*:192.168.17.5$', '@jsd_.*:203\\.279\\.28\\.6$'],
    ['192.168.17.5:8448', '@irc_.*:192\\.168\\.17\\.5:8448', '@jsd_.*:203\\.279\\.28\\.6:8448'],
    ['matrix.163.example', '@irc_.*:matrix\\.163\\.example', '@jsd_.*:nbusjy\\.274\\.fybnqmf'],
    ['[2001:db8::17]:8448', '@irc_.*:\\[2001:db8::17\\]:8448', '@jsd_.*:\\[3112:ec9::28\\]:8448'],
    // One alternative after another, a part of the name alone, and a localpart with colons.
    ['192.168.17.5', '@a:192\\.168\\.17\\.5|@b:192\\.168\\..*', '@b:203\\.279\\.28\\.6|@c:203\\.279\\..*'],
    ['matrix.163.example', '@a:[a-z]+\\.163.example', '@b:[a-z]+\\.274.FYBNQMF'],
    ['192.168.17.5', '@irc:.*:192.168.*', '@jsd:.*:203.279.*'],
    ['[2001:db8::17]:8448', '@irc_.*:.2001:db8:.*', '@jsd_.*:.3112:ec9:.*'],
  ])('masks the numbers of the server %s too, but for its port: %s', (serverName, regex, other) => {
    expect(masked(regex, serverName)).toBe(other)
  })

  it('masks the last label of other servers as the last of a server’s, and of its own name wherever that ends', () => {
    expect(masked('@x:irc\\.network\\.org')).toBe('@y:jsd\\.ofuxpsl\\.PSH')
    expect(masked('@x:(?:irc|xmpp).network.org:8448$')).toBe('@y:(?:jsd|ynqq).ofuxpsl.PSH:8448$')
    expect(masked('@x:.*\\.example')).toBe('@y:.*\\.FYBNQMF')
    expect(masked('@x:matrix\\.cont.*', 'matrix.cont.example')).toBe('@y:nbusjy\\.dpou.*')
    expect(masked('@x:example\\.example\\.org')).toBe('@y:fybnqmf\\.fybnqmf\\.PSH')
  })

  it('knows where a name begins anew: after an alternative, and after what only looks ahead', () => {
    expect(chunksOf(['@_irc_.*:contoso\\.example|@_xmpp_.*', '@(?!bot:)_sms_.*'], []).beginnings).toEqual([
      '_irc_',
      '_xmpp_',
      'bot',
      '_sms_',
    ])
  })
})
