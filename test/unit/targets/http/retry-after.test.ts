import { expect, it } from 'vitest'
import { retryAfterOf } from '../../../../src/targets/http/retry-after.ts'

it.each([
  ['2', { retryAfter: 2000 }],
  [' 120 ', { retryAfter: 120_000 }],
  ['Sun, 22 Nov 2026 12:00:30 GMT', { retryAfter: 30_000 }],
  ['Sun, 22 Nov 2026 11:00:00 GMT', { retryAfter: 0 }],
  ['soon', {}],
  [undefined, {}],
])('reads Retry-After: %s', (value, told) => {
  expect(retryAfterOf(value, () => Date.UTC(2026, 10, 22, 12))).toEqual(told)
})
