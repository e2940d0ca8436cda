import { sql } from 'kysely'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { acceptFindings } from '../findings/accept.ts'
import { requireClear } from '../migration/gate.ts'
import { newRunId } from '../migration/new-run-id.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { recorded } from '../migration/run-recorder.ts'
import { describeSettings } from '../postgres/settings.ts'
import { run } from '../postgres/statement.ts'
import type { LinkCounts, LinkDocument } from '../report/link-document.ts'
import { otherConnections } from '../synapse/activity.ts'
import { syn2opVersion } from '../version.ts'
import { runningFindings } from './link-findings.ts'
import type { RecordedLinks } from './link-journal.ts'
import type { LinkPlace } from './link-place.ts'
import { type OpenPlace, withPlace } from './open-place.ts'
import { hiddenLogins, isUsed, type SeenLogins, seenLogins } from './seen-logins.ts'
import { deleteLinks, type LinksTakenBack, transactionState } from './write-links.ts'

export interface UndoRequest extends Pick<MigrationRequest, 'recorder' | 'progress' | 'accept' | 'signal'> {
  readonly place: LinkPlace
  /** The run that wrote the links, and its record; undefined: it ended before it wrote any. */
  readonly runId: string
  readonly links: RecordedLinks | undefined
  readonly confirm: (plan: LinkDocument) => Promise<boolean>
}

/**
 * Takes back exactly the links that one run wrote. Those by which somebody has logged in since, and those in whose place there
 * is another one, stay. May be repeated.
 * @returns undefined when the answer was no.
 * @throws Syn2opError run.not-possible where nothing was written; run.other-server; check.warnings where Synapse runs.
 */
export const undoLinks = (request: UndoRequest): Promise<LinkDocument | undefined> => {
  const { place, runId, links, signal, progress, accept } = request
  if (links === undefined) throw nothingWritten(runId)
  const started = performance.now()
  progress.phase('prepare')
  return withPlace(place, { use: 'take back', signal }, async (open) => {
    requireSameDatabase(open, links)
    const state = links.isCommitted ? 'committed' : await transactionState(open.client, links.head.transaction)
    if (state === 'aborted') throw nothingWritten(runId)
    if (state === 'in progress') throw stillWriting(runId, place)
    const now = Date.now()
    const seen = await seenLogins(open)
    const found = [
      ...(place.mustStop ? runningFindings(await otherConnections(open.client)) : []),
      ...hiddenLogins(open, seen),
    ]
    const plan: LinkDocument = {
      kind: 'link',
      format: 1,
      syn2op: syn2opVersion(),
      serverName: links.head.serverName,
      asOf: new Date(now).toISOString(),
      action: 'undo',
      takesBack: runId,
      to: { product: place.product, location: describeSettings(place.settings), table: place.table },
      provider: { id: links.head.provider, name: links.head.providerName },
      accounts: links.rows.length,
      findings: acceptFindings(found, { flags: accept, asOf: now, now }),
      next: [],
    }
    requireClear(plan)
    const shown = performance.now()
    if (!(await request.confirm(plan))) return undefined
    const confirmed = performance.now()
    const own = newRunId(new Date())
    return recorded(request, { runId: own, kind: 'link', plan }, async () => {
      const back = await takeBack(request, open, { rows: links.rows, seen })
      return {
        ...plan,
        runId: own,
        links: countsOf(back),
        milliseconds: Math.round(shown - started + performance.now() - confirmed),
      }
    })
  })
}

const takeBack = async (
  { progress, signal }: UndoRequest,
  open: OpenPlace,
  { rows, seen }: Pick<RecordedLinks, 'rows'> & { readonly seen: SeenLogins },
): Promise<LinksTakenBack> => {
  const { place, client, schema } = open
  await place.lock?.(client)
  progress.phase('links')
  await run(client, sql`BEGIN`)
  const back = await deleteLinks({
    client,
    place,
    schema,
    rows,
    isUsed: isUsed(open, seen),
    progress: (done) => progress.advance('links', done, rows.length),
    signal,
  })
  await run(client, sql`COMMIT`)
  return back
}

const countsOf = ({ removed, gone, used, changed }: LinksTakenBack): LinkCounts => ({
  removed,
  ...(gone === 0 ? {} : { gone }),
  ...(used.length === 0 ? {} : { used: used.length }),
  ...(changed.length === 0 ? {} : { changed: changed.length }),
})

const nothingWritten = (runId: string): Syn2opError =>
  new Syn2opError('run.not-possible', `Run ${runId} ended before it wrote a link`, {
    next: ['There is nothing to take back. Links of an earlier run go by its name, as `syn2op runs list` shows it.'],
  })

/** Of a process that was killed, the server may not have noticed yet. */
const stillWriting = (runId: string, { product }: Pick<LinkPlace, 'product'>): Syn2opError =>
  new Syn2opError(
    'run.not-possible',
    `The transaction of run ${runId} has not ended yet in the database of ${product}`,
    {
      next: [
        'Wait until it has, and run the command again.',
        "If nothing of syn2op runs any more, end it as an administrator: SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'syn2op link';",
      ],
    },
  )

/** A role may not be allowed to ask which server it is: then its address tells. */
const requireSameDatabase = ({ place, system, database }: OpenPlace, { head }: RecordedLinks): void => {
  const isKnown = head.system !== '' && system !== ''
  if (head.database === database && (!isKnown || head.system === system)) return
  throw new Syn2opError(
    'run.other-server',
    `The links were written to ${head.location}, and ${describeSettings(place.settings)} is another database`,
    { next: ['Name the database that they were written to: --link-database'] },
  )
}
