import { exportUsers } from '../../census/export-users.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import type { Probe } from '../probes.ts'
import type { Probing } from '../probing.ts'

/** That Auth0's specification gives as the default of `limit`, which syn2op does not send. */
const DEFAULT_LIMIT = 5

/** Milliseconds. */
const PAUSE_MS = 30_000

/** To be asked right after the import. */
export const EXPORT_AT_ONCE: Claim = {
  id: 'export.sees-an-import-at-once',
  says: 'Right after an import an export of the connection, without a limit, has everybody whom it made.',
  otherwise:
    'Wait some minutes after an import before the next `plan`, `migrate` or `auth0 prepare --undo`: whom an export does not have is taken for missing, imported again, refused, and then read by the user_id.',
  ask: async (probing) => {
    const made = await importedProbes(probing)
    if (made.length === 0) return notAsked('nobody was imported')
    const first = await lookFor(made, probing)
    if (first.missing === 0) {
      const all = `all ${made.length} who were imported are in it`
      return confirmed(
        first.rows > DEFAULT_LIMIT
          ? `${all}, and more than ${DEFAULT_LIMIT} come without a limit`
          : `${all}; whether more than ${DEFAULT_LIMIT} come without a limit, a connection of ${first.rows} users does not tell`,
      )
    }
    await probing.api.clock.sleep(PAUSE_MS, probing.signal)
    const second = await lookFor(made, probing)
    const later = second.missing === 0 ? 'it had all' : lacked(second)
    return refuted(`of ${made.length} who were imported ${lacked(first)}, ${PAUSE_MS / 1000} s later ${later}`)
  },
}

interface Looked {
  readonly missing: number
  readonly rows: number
}

const lacked = ({ missing, rows }: Looked): string => `it lacked ${missing} in ${rows} rows`

const importedProbes = async ({ probes, refusalOf }: Probing): Promise<readonly Probe[]> => {
  const made: Probe[] = []
  for (const probe of [probes.peppered, probes.longPeppered, probes.spaced, probes.unusual]) {
    if ((await refusalOf(probe)) === undefined) made.push(probe)
  }
  return made
}

/** Reads no further than it has to: a connection may have millions. */
const lookFor = async (made: readonly Probe[], { api, connection, signal }: Probing): Promise<Looked> => {
  const missing = new Set(made.map(({ userId }) => `auth0|${userId}`))
  let rows = 0
  for await (const { id } of exportUsers(api, connection.id, signal)) {
    rows += 1
    missing.delete(id)
    if (missing.size === 0 && rows > DEFAULT_LIMIT) break
  }
  return { missing: missing.size, rows }
}
