import type { DemoSpeciality } from '../special.ts'
import { ACCOUNT_DAMAGE } from './accounts.ts'
import { DEVICE_DAMAGE } from './devices.ts'
import { HOMESERVER_DAMAGE } from './homeserver.ts'
import { IDENTITY_DAMAGE } from './identities.ts'
import { ORPHAN_DAMAGE } from './orphans.ts'
import { PASSWORD_DAMAGE } from './passwords.ts'
import { REFRESH_TOKEN_DAMAGE } from './refresh-tokens.ts'
import { TIME_DAMAGE } from './times.ts'
import { TOKEN_DAMAGE } from './tokens.ts'

/** Everything that databases of real homeservers were found to hold and that a migration must not stumble over. */
export const DEMO_DAMAGES: readonly DemoSpeciality[] = [
  ...ACCOUNT_DAMAGE,
  ...PASSWORD_DAMAGE,
  ...TIME_DAMAGE,
  ...IDENTITY_DAMAGE,
  ...DEVICE_DAMAGE,
  ...TOKEN_DAMAGE,
  ...REFRESH_TOKEN_DAMAGE,
  ...ORPHAN_DAMAGE,
  ...HOMESERVER_DAMAGE,
]
