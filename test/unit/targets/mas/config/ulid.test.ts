import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUlid, ulidToUuid, uuidToUlid } from '../../../../../src/targets/mas/config/ulid.ts'

const uuids = fc.uuid({ version: [1, 4, 7] })

describe('identifiers of MAS', () => {
  it('shows the example of the ULID specification as the UUID that other libraries give', () => {
    expect(ulidToUuid('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('01563e3a-b5d3-d676-4c61-efb99302bd5b')
    expect(uuidToUlid('01563e3a-b5d3-d676-4c61-efb99302bd5b')).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV')
  })

  it('comes back to the same UUID', () => {
    fc.assert(
      fc.property(uuids, (uuid) => {
        expect(ulidToUuid(uuidToUlid(uuid))).toBe(uuid)
      }),
    )
  })

  it('reads either case', () => {
    fc.assert(
      fc.property(uuids, (uuid) => {
        expect(ulidToUuid(uuidToUlid(uuid).toLowerCase())).toBe(uuid)
      }),
    )
  })

  it('keeps the order of UUIDs, by which MAS sorts', () => {
    fc.assert(
      fc.property(uuids, uuids, (one, other) => {
        expect(uuidToUlid(one) < uuidToUlid(other)).toBe(one < other)
      }),
    )
  })

  it('drops what 26 characters say beyond 128 bits, as MAS does', () => {
    expect(ulidToUuid('80000000000000000000000000')).toBe('00000000-0000-0000-0000-000000000000')
    expect(ulidToUuid('ZZZZZZZZZZZZZZZZZZZZZZZZZZ')).toBe('ffffffff-ffff-ffff-ffff-ffffffffffff')
  })

  it.each([
    '',
    '01ARZ3NDEKTSV4RRFFQ69G5FA',
    '01ARZ3NDEKTSV4RRFFQ69G5FAI',
    '01ARZ3NDEKTSV4RRFFQ69G5FAU',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
  ])('refuses %j', (text) => {
    expect(isUlid(text)).toBe(false)
    expect(() => ulidToUuid(text)).toThrow(RangeError)
  })

  it('refuses what is no UUID', () => {
    expect(() => uuidToUlid('01563e3ab5d3d6764c61efb99302bd5b')).toThrow(RangeError)
  })
})
