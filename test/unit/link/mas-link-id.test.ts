import { expect, test } from 'vitest'
import { masLinkIds } from '../../../src/link/mas-link-id.ts'

const idOf = masLinkIds(new Uint8Array(32))

const LINK = {
  asOf: Date.parse('2026-11-22T03:00:00Z'),
  provider: '01935d4a-026e-f302-054c-000000000001',
  subject: '5f0c7c0e-0000-5000-8000-000000000001',
}

test('a link has the identifier that its moment begins, and the same one every time', () => {
  const id = idOf(LINK)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(LINK.asOf)
  expect(idOf(LINK)).toBe(id)
})

test('another subject, provider or secret gives another one', () => {
  const ids = [
    idOf(LINK),
    idOf({ ...LINK, subject: 'other' }),
    idOf({ ...LINK, provider: '01935d4a-026e-f302-054c-000000000002' }),
    masLinkIds(new Uint8Array(32).fill(1))(LINK),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})
