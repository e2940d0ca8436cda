import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { RoadRunKind, RunPart } from '../../road-history.ts'
import type { RunIdentity, Stoppable } from '../../target.ts'
import { createJournal, insertRun, type NewRun, PROVING, type RunRecord, readRuns } from '../load/journal.ts'
import { loadStopped } from '../load/load-errors.ts'
import { stageEmpty } from '../load/staging.ts'
import { stoppable } from '../load/stoppable.ts'
import type { MasDatabase } from '../mas-database.ts'
import { seedFingerprint } from '../rows/identifiers.ts'
import { searchPathAside } from './location.ts'

interface BegunRun extends RunIdentity {
  readonly kind: RoadRunKind
  readonly part?: RunPart
  readonly compares?: true
}

/**
 * Enters a run that goes on from what is there. Its identifiers are derived as those of the rows that stand.
 * @throws Syn2opError run.other-seed, run.other-server
 */
export const beginRun = async (database: MasDatabase, begun: BegunRun, { signal }: Stoppable): Promise<void> => {
  const record = await newRun(database, begun)
  await stoppable(database.control, signal, async () => {
    signal.throwIfAborted()
    await createJournal(database.control)
    await insertRun(database.control, record)
  })
}

/**
 * Enters the first run of a copy, and sets MAS's empty tables aside for its batches, all in one transaction. Whoever reads
 * them, as a backup does, has it wait.
 * @throws Syn2opError check.errors where somebody has come to MAS since it was looked at; run.interrupted.
 */
export const beginCopy = async (
  database: MasDatabase,
  begun: RunIdentity & { readonly part: RunPart },
  { signal }: Stoppable,
): Promise<void> => {
  const { control } = database
  const record = await newRun(database, { ...begun, kind: 'online', compares: true })
  const searchPath = await searchPathAside(control, record.homeSchema)
  if (signal.aborted) throw loadStopped(signal.reason)
  await stoppable(control, signal, () => stageEmpty(control, record, searchPath)).catch((error: unknown) => {
    throw signal.aborted ? loadStopped(error) : error
  })
}

const newRun = async (
  database: MasDatabase,
  { runId, asOf, serverName, mappingSha256, kind, part, compares }: BegunRun,
): Promise<NewRun> => {
  const { control, seedKey } = database
  const written = (await readRuns(control)).filter(({ state }) => state === 'done' || state === 'open')
  const method = written[0]?.identifierMethod ?? 'fast'
  const fingerprint = seedFingerprint({ method, key: seedKey })
  requireSameSeed(written, fingerprint)
  requireSameServer(written, serverName)
  return {
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
    ...(part === undefined ? {} : { part }),
    ...(compares === undefined ? {} : { activity: PROVING }),
  }
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
