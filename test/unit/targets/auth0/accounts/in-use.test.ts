import { expect, it } from 'vitest'
import { isAsWritten } from '../../../../../src/targets/auth0/accounts/as-written.ts'
import { ownUserOf } from '../../../../../src/targets/auth0/accounts/ownership.ts'
import { anna, MXID, migrate } from './people.ts'
import { edit, emptyTenant, type ModelUser, see } from './tenant-model.ts'

const isUnused = (deed: (user: ModelUser) => ModelUser): boolean => {
  const tenant = emptyTenant()
  migrate(tenant, anna())
  edit(tenant, deed)
  const own = ownUserOf(MXID, see(tenant))
  return own !== undefined && isAsWritten(own)
}

it('takes whoever has logged in for somebody who is used, though Auth0 tells the time or the count alone', () => {
  expect(isUnused((user) => user)).toBe(true)
  expect(isUnused((user) => ({ ...user, lastLogin: 5000 }))).toBe(false)
  expect(isUnused((user) => ({ ...user, loginsCount: 1 }))).toBe(false)
})
