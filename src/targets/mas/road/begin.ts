import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { RoadRunKind } from '../../sql-road.ts'
import type { RunIdentity } from '../../target.ts'
import { createJournal, insertRun, type RunRecord, readRuns } from '../load/journal.ts'
import type { MasDatabase } from '../mas-database.ts'
import { seedFingerprint } from '../rows/identifiers.ts'

/**
 * Enters a run that goes on from what is there. Its identifiers are derived as those of the rows that stand.
 * @throws Syn2opError run.other-seed, run.other-server
 */
export const beginRun = async (
  database: MasDatabase,
  { runId, asOf, serverName, mappingSha256, kind }: RunIdentity & { readonly kind: RoadRunKind },
): Promise<void> => {
  const { control, seedKey } = database
  const written = (await readRuns(control)).filter(({ state }) => state === 'done' || state === 'open')
  const method = written[0]?.identifierMethod ?? 'fast'
  const fingerprint = seedFingerprint({ method, key: seedKey })
  requireSameSeed(written, fingerprint)
  requireSameServer(written, serverName)
  await createJournal(control)
  await insertRun(control, {
    runId,
    kind,
    state: 'open',
    asOf,
    identifierMethod: method,
    seedFingerprint: fingerprint,
    mappingSha256,
    serverName,
    homeSchema: await database.homeSchema(),
    masMigrations: (await database.inspection()).migrations?.versions ?? [],
  })
}

const requireSameSeed = (written: readonly RunRecord[], fingerprint: string): void => {
  const other = written.find(({ seedFingerprint: one }) => one !== fingerprint)
  if (other === undefined) return
  throw new Syn2opError(
    'run.other-seed',
    `The identifiers that run ${other.runId} wrote come from another secrets.encryption than MAS's configuration has now`,
    { next: ["Put the secret of then back into MAS's configuration; MAS itself cannot read its own rows without it."] },
  )
}

const requireSameServer = (written: readonly RunRecord[], serverName: string): void => {
  const other = written.find((one) => one.serverName !== serverName)
  if (other === undefined) return
  throw new Syn2opError(
    'run.other-server',
    `Run ${other.runId} filled this MAS from the homeserver ${other.serverName}, not from ${serverName}`,
    { next: ['Name the right homeserver.yaml, or the configuration of the right MAS.'] },
  )
}
