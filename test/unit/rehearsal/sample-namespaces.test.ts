import { describe, expect, it } from 'vitest'
import {
  chunksOf,
  isInNamespace,
  maskedNamespace,
} from '../../../src/rehearsal/sample/configuration/namespace-pieces.ts'

/** Each letter becomes the next one: what is masked can be read here. */
const next = (text: string): string =>
  text.replace(/[a-z]/giu, (letter) =>
    letter === 'z' ? 'a' : letter === 'Z' ? 'A' : String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1),
  )
const masked = (regex: string): string =>
  maskedNamespace(regex, { chunk: next, label: next, top: next }, 'contoso.example')
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
})
