import { BY_ADDRESS } from './by-address.ts'
import { BY_NAME } from './by-name.ts'
import { BY_PASSWORD } from './by-password.ts'
import { BY_STATE } from './by-state.ts'
import type { SpecialAccount } from './special-account.ts'

export const SPECIAL_ACCOUNTS: readonly SpecialAccount[] = [...BY_PASSWORD, ...BY_NAME, ...BY_ADDRESS, ...BY_STATE]
