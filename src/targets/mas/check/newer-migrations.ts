import { MAS_CATALOGUE, RETIRED_MIGRATIONS } from '../database/catalogue.ts'
import type { MasInspection } from '../database/inspection.ts'

/** Versions of schema migrations that the catalogue does not know. */
export const newerMigrations = (migrations: MasInspection['migrations']): readonly number[] => {
  const known = [...MAS_CATALOGUE.migrations.map(({ version }) => version), ...RETIRED_MIGRATIONS]
  return (migrations?.versions ?? []).filter((version) => !known.includes(version))
}
