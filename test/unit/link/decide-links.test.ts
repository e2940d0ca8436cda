import { expect, test } from 'vitest'
import { decideLinks, withoutStrangers } from '../../../src/link/decide-links.ts'
import type { OwnedLink, PresentLink } from '../../../src/link/link-place.ts'

const wanted = (name: string): OwnedLink => ({
  mxid: `@${name}:example.org`,
  localpart: name,
  subject: `sub-${name}`,
  user: `user-${name}`,
})

const there = (subject: string, user: string | null): PresentLink => ({ subject, user, who: user ?? 'nobody' })

test('an account that nothing is known of is linked', () => {
  const anna = wanted('anna')
  expect(decideLinks([anna], [there('sub-other', 'user-other')])).toEqual({ write: [anna], there: 0, conflicts: [] })
})

test('a link that is there as it should be is not written again', () => {
  expect(decideLinks([wanted('anna')], [there('sub-anna', 'user-anna')])).toEqual({
    write: [],
    there: 1,
    conflicts: [],
  })
})

test('a person of Keycloak who has another account keeps it', () => {
  expect(decideLinks([wanted('anna')], [there('sub-anna', 'user-other')])).toEqual({
    write: [],
    there: 0,
    conflicts: [{ mxid: '@anna:example.org', why: 'taken', by: 'user-other' }],
  })
})

test('an account that is linked to another person stays linked so', () => {
  expect(decideLinks([wanted('anna')], [there('sub-of-before', 'user-anna')])).toEqual({
    write: [],
    there: 0,
    conflicts: [{ mxid: '@anna:example.org', why: 'linked', by: 'sub-of-before' }],
  })
})

test('a link that is nobody’s, of a login that was not finished, becomes the account’s', () => {
  const anna = wanted('anna')
  expect(decideLinks([anna], [there('sub-anna', null)])).toEqual({ write: [anna], there: 0, conflicts: [] })
})

test('an account that is linked to another person does not get a link that is nobody’s beside it', () => {
  const present = [there('sub-anna', null), there('sub-of-before', 'user-anna')]
  expect(decideLinks([wanted('anna')], present)).toMatchObject({ write: [], conflicts: [{ why: 'linked' }] })
})

test('an account with the right link and another one beside it is linked', () => {
  const present = [there('sub-anna', 'user-anna'), there('sub-of-before', 'user-anna')]
  expect(decideLinks([wanted('anna')], present)).toMatchObject({ write: [], there: 1, conflicts: [] })
})

test('a link that is to be written is not given to a stranger of the same name, and one that is there is kept', () => {
  const decided = decideLinks([wanted('anna'), wanted('bob')], [there('sub-anna', 'user-anna')])
  expect(withoutStrangers(decided, new Set(['@anna:example.org', '@bob:example.org']))).toEqual({
    write: [],
    there: 1,
    conflicts: [{ mxid: '@bob:example.org', why: 'stranger', by: 'user-bob' }],
  })
})
