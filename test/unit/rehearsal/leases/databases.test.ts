import { describe, expect, it } from 'vitest'
import {
  databaseComment,
  databaseName,
  isCommentOf,
  KEPT_COMMENT,
  markOfDatabase,
  readDatabaseComment,
} from '../../../../src/rehearsal/leases/databases.ts'
import { newLeaseId } from '../../../../src/rehearsal/leases/take-lease.ts'

const owner = {
  id: '20261123-120501-9f3a',
  place: 'ci-7 1f3a pid:[4026531836] its-boot',
  folder: '/tmp/my files, which/x',
  until: new Date('2026-11-24T12:05:01.000Z'),
}

describe('a database on a server that was given', () => {
  it('tells by its comment whose it is', () => {
    expect(databaseComment(owner)).toBe(
      'Rehearsal 20261123-120501-9f3a of syn2op on ci-7 (1f3a pid:[4026531836] its-boot) in /tmp/my files, which/x, which drops it. Nobody needs it after 2026-11-24T12:05:01.000Z.',
    )
    expect(readDatabaseComment(databaseComment(owner))).toEqual({ ...owner, kept: false })
    expect(readDatabaseComment(`${KEPT_COMMENT} ${databaseComment(owner)}`)).toEqual({ ...owner, kept: true })
  })

  it('tells its folder also where that looks like a place', () => {
    const comment = databaseComment({ ...owner, folder: '/tmp/a (b c d) in /e' })
    expect(readDatabaseComment(comment)).toMatchObject({ place: owner.place, folder: '/tmp/a (b c d) in /e' })
  })

  it.each([
    ['kept twice', `${KEPT_COMMENT} ${KEPT_COMMENT} ${databaseComment(owner)}`],
    ['somebody else’s', 'Rehearsal of the choir'],
    ['with nothing but a name for its place', databaseComment(owner).replace(/ \([^)]+\)/u, '')],
    ['without a time that can be read', databaseComment(owner).replace(/\S+$/u, 'christmas.')],
  ])('is nobody’s to drop where its comment is %s', (_, comment) => {
    expect(readDatabaseComment(comment)).toBeUndefined()
  })

  it('is of a lease by its id and folder alone, kept or not', () => {
    const comment = databaseComment(owner)
    expect([comment, `${KEPT_COMMENT} ${comment}`].map((text) => isCommentOf(text, owner))).toEqual([true, true])
    const others = [
      { ...owner, id: '20261123-120501-9f3b' },
      { ...owner, folder: '/tmp/theirs' },
    ]
    for (const other of others) expect(isCommentOf(comment, other)).toBe(false)
    expect(isCommentOf('ours', owner)).toBe(false)
  })

  it('without a comment is of the rehearsal that its name says, for 14 days from its beginning', () => {
    const id = '20261123-120501-1k7vq0c8m2xha'
    expect(markOfDatabase(databaseName(id, 'mas_proofs'), null)).toEqual({
      id,
      place: undefined,
      folder: '',
      until: new Date('2026-12-07T12:05:01Z'),
      kept: false,
    })
  })

  it.each([
    'syn2op_rehearsal_mas',
    'syn2op_rehearsal_20261123_mas',
    'syn2op_rehearsal_20261123-120501-1k7vq0c8m2xha',
    'syn2op_rehearsal_20261323-120501-1k7vq0c8m2xha_mas',
    'my_syn2op_rehearsal_20261123-120501-1k7vq0c8m2xha_mas',
  ])('without a comment is nobody’s to drop where its name is %s', (name) => {
    expect(markOfDatabase(name, null)).toBeUndefined()
  })

  it('is nobody’s to drop where its comment is of another rehearsal than its name', () => {
    expect(markOfDatabase(databaseName('20261123-120501-1k7vq0c8m2xha', 'mas'), databaseComment(owner))).toBeUndefined()
  })

  it('has an id that another of the same second has not', () => {
    const now = new Date('2026-11-23T12:05:01.987Z')
    const ids = Array.from({ length: 2000 }, () => newLeaseId(now))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has a name that PostgreSQL does not cut', () => {
    const name = databaseName(newLeaseId(new Date('2026-11-23T12:05:01.987Z')), 'sixteen_letters_')
    expect(name).toMatch(/^syn2op_rehearsal_20261123-120501-[0-9a-z]{13}_sixteen_letters_$/u)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  })
})
