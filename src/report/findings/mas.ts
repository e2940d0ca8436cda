import { MAS_DATABASE_FINDINGS } from './mas-database.ts'
import { MAS_SETTINGS_FINDINGS } from './mas-settings.ts'

/** Everything that the checks of the target MAS can find. */
export const MAS_FINDINGS = { ...MAS_DATABASE_FINDINGS, ...MAS_SETTINGS_FINDINGS }
