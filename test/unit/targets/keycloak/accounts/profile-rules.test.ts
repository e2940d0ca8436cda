import { describe, expect, it } from 'vitest'
import {
  isEmailRefused,
  isPersonNameRefused,
  isUsernameRefusedWhenEditable,
} from '../../../../../src/targets/keycloak/accounts/profile-rules.ts'

const long = (length: number): string => 'x'.repeat(length)

/* Each was tried on Keycloak 26.7.3 by a PUT. */

describe("Keycloak's e-mail field", () => {
  for (const address of [
    'a@x.org',
    'a@localhost',
    '"q q"@x.org',
    '"a@b"@x.org',
    '"a\\"b"@x.org',
    'a@[127.0.0.1]',
    'a@1.2.3.4',
    "o'neil@x.org",
    'a+tag@x.org',
    '\u00FC@b\u00FCcher.example',
    '\u65E5\u672C@\u65E5\u672C.jp',
    'a@x--y.org',
    `${long(64)}@x.org`,
    `a@${long(63)}.org`,
  ]) {
    it(`takes ${address}`, () => expect(isEmailRefused(address)).toBe(false))
  }

  for (const address of [
    '',
    'a',
    '@x.org',
    'a@',
    'a b@x.org',
    'a@x org',
    'a..b@x.org',
    '.a@x.org',
    'a@x..org',
    'a@x.org.',
    'a@-x.org',
    'a@x-.org',
    'a@x_y.org',
    'a@b@c.org',
    'a(b)@x.org',
    '\u{1F600}@x.org',
    'a@\u{1F600}.org',
    `${long(65)}@x.org`,
    `a@${long(64)}.org`,
    `a@${`${long(60)}.`.repeat(5)}org`,
  ]) {
    it(`refuses ${JSON.stringify(address)}`, () => expect(isEmailRefused(address)).toBe(true))
  }

  it('answers soon, whatever is asked', () => {
    const begin = performance.now()
    for (const address of [`${'a.'.repeat(30)}@`, `a@${'a-'.repeat(60_000)}!@`, `a@${'a'.repeat(100_000)}-`]) {
      isEmailRefused(address)
    }
    expect(performance.now() - begin).toBeLessThan(1000)
  })
})

describe('the first and last name', () => {
  it('take names of people, and none of the signs in which a login ends', () => {
    const taken = ["O'Neil", '\u65E5\u672C', 'a_b', 'a@b', 'A. B', long(255)]
    const refused = ['Fox (they/them)', 'Hi!', 'A/B', 'x;y', 'a|b', 'x\ty', ' ', '', long(256)]
    expect(taken.filter(isPersonNameRefused)).toEqual([])
    expect(refused.filter((name) => !isPersonNameRefused(name))).toEqual([])
  })
})

describe('a username that people may edit', () => {
  it('has 3 to 255 Latin letters and what all scripts share, and none of some signs', () => {
    const taken = ['abc', 'a@b.org', 'abc+x', 'x_y.z-', '\u00E9\u00E0\u00FC', long(255)]
    const refused = ['ab', 'a/b', 'a=bc', 'a bc', "o'neil", '\u65E5\u672C\u8A9E', '\u03B1\u03B2\u03B3', long(256)]
    expect(taken.filter(isUsernameRefusedWhenEditable)).toEqual([])
    expect(refused.filter((name) => !isUsernameRefusedWhenEditable(name))).toEqual([])
  })
})
