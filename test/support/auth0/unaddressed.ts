import type { Account } from '../../../src/accounts/account.ts'
import { accountsOf, type TenantToFill } from './migration.ts'

/** Whom no import finds, since they have no address: they are made anew for another password. */
export const unaddressed = (count: number): readonly Account[] =>
  accountsOf(count).map((account) => {
    const { primaryEmail: _, ...others } = account
    return { ...others, threepids: [] }
  })

export const NEW_HASH = accountsOf(1)[0]?.passwordHash?.replace(/.{3}$/u, 'abc') ?? ''

/** The same people with another password. */
export const renewed = (accounts: readonly Account[]): readonly Account[] =>
  accounts.map((account) => ({ ...account, passwordHash: NEW_HASH }))

/** How many of them Auth0 has. */
export const there = (tenant: TenantToFill, accounts: readonly Account[]): number =>
  accounts.filter((one) => tenant.userOf(one) !== undefined).length

export const isImport = ({ path }: { readonly path: string }): boolean => path.endsWith('/users-imports')

/** Does something as soon as Auth0 has deleted so many users. */
export const onceRemoved = ({ standIn: { tenant } }: TenantToFill, count: number, act: () => void): void => {
  const { users } = tenant
  const remove = users.remove.bind(users)
  let removed = 0
  users.remove = (id) => {
    remove(id)
    if (++removed === count) act()
  }
}
