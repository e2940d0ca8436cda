import { hash } from 'bcryptjs'
import { DEMO } from '../../../../src/rehearsal/demo/constants.ts'
import { account, type DemoRows, device, namesOn, threepid } from '../../../../src/rehearsal/demo/rows.ts'
import type { SpecialAccount, SpecialPassword } from './special-account.ts'

/** As Synapse hashes it: bcrypt of the NFKC form with the pepper after it, of which 72 bytes count. */
const hashOf = async ({ typed, cost = 4, variant = '2b' }: SpecialPassword, pepper: string): Promise<string> => {
  const made = await hash(`${typed.normalize('NFKC')}${pepper}`, cost)
  return `$${variant}${made.slice('$2b'.length)}`
}

/** The rows of Synapse's database. */
export const specialRows = async (accounts: readonly SpecialAccount[], pepper: string): Promise<DemoRows> => {
  const at = namesOn(DEMO.serverName)
  const users = await Promise.all(
    accounts.map(async ({ localpart, password: one, columns = {} }) =>
      account(at(localpart), {
        ...(one === undefined ? {} : { password_hash: await hashOf(one, pepper) }),
        ...columns,
      }),
    ),
  )
  return {
    users,
    user_threepids: accounts.flatMap(({ localpart, emails = [], phones = [] }) => [
      ...emails.map((address, n) => threepid(at(localpart), address, { added_at: 1_650_000_000_000 + n })),
      ...phones.map((address, n) =>
        threepid(at(localpart), address, { medium: 'msisdn', added_at: 1_650_000_000_000 + n }),
      ),
    ]),
    devices: accounts.flatMap(({ localpart, devices = 0 }) =>
      Array.from({ length: devices }, (_, n) => device(at(localpart), `DEVICE${n}`)),
    ),
  }
}
