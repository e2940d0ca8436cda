import { expect, it } from 'vitest'
import type { SyncDeletion } from '../../../src/report/proof-parts.ts'
import { deletionSamples } from '../../../src/report/verify-words.ts'

const guests = Array.from(
  { length: 5 },
  (_, index): SyncDeletion => ({
    mxid: `@${index}:example.org`,
    what: 'device',
    name: 'guest_device',
    reason: 'account_guest',
  }),
)
const email: SyncDeletion = {
  mxid: '@anna:example.org',
  what: 'email',
  name: 'anna@a.example',
  reason: 'email_missing',
}
const deletions = { devices: 600, emails: 1, reasons: [], samples: [...guests, email] }

it('names three of a kind, and whoever else is of another, and counts the rest', () => {
  expect(deletionSamples(deletions, { ofEach: 3 })).toEqual([
    '@0:example.org: device guest_device',
    '@1:example.org: device guest_device',
    '@2:example.org: device guest_device',
    '@anna:example.org: e-mail anna@a.example',
    'and 597 more; the whole list: --report predictions=FILE',
  ])
})

it('names all samples where nobody asks for fewer', () => {
  expect(deletionSamples(deletions)).toHaveLength(7)
})
