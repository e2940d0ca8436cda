import { RELATIONS, type Relation } from '../../accounts/relations.ts'
import type { RowDifference, TableVerification, VerifyDocument } from '../../report/documents.ts'
import type { AccountChange, RowChanges } from '../../targets/changes.ts'
import { requireClear } from '../gate.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { knownRuns } from './known-runs.ts'
import { begunByRuns } from './looked-at.ts'
import { planBatches } from './plan-batches.ts'
import { stagesOfRuns } from './stages.ts'

/** At most so many differences of a relation are shown. */
const SHOWN = 20

/**
 * Plans over everybody, and wants nothing to do. Writes nothing. Accounts that no run has come to, or that were taken back,
 * are not looked at.
 */
export const verifySlowly = async (request: MigrationRequest, prepared: Prepared): Promise<VerifyDocument> => {
  const { head } = prepared
  requireClear({ findings: head.findings.filter(({ severity }) => severity === 'error') })
  const known = await knownRuns(request, prepared)
  const { left, lastDone } = known
  const asOf = request.asOf ?? lastDone?.head.asOf ?? prepared.asOf
  const source = { ...prepared.source, rules: { ...prepared.source.rules, asOf } }
  request.progress.phase('verify')
  const started = performance.now()
  const seen = new Map<Relation, Seen>(RELATIONS.map((relation) => [relation, nothing()]))
  let inConflict = 0
  let refused = 0
  const { waiting } = await planBatches(prepared, source, {
    gone: left,
    looked: begunByRuns(known, source.relations),
    proof: true,
    signal: request.signal,
    progress: request.progress,
    planned: (changes) => {
      for (const change of changes) {
        if (change.change === 'conflict') inConflict++
        if (isRefused(change)) {
          refused++
          continue
        }
        for (const rows of change.rows) {
          const counted = seen.get(rows.relation)
          if (counted !== undefined) add(counted, rows, change)
        }
      }
    },
  })
  const milliseconds = Math.round(performance.now() - started)
  const stages = stagesOfRuns(known)
  const relations = [...seen].filter(([, { wanted, present }]) => wanted + present > 0)
  return {
    kind: 'verify',
    ...head,
    asOf: new Date(asOf).toISOString(),
    runId: nameOf(lastDone),
    tables: relations.map(([relation, counted]) => ({
      ...toTable(relation, counted, milliseconds),
      ...(prepared.target.unseen?.includes(relation) === true ? { unseen: true as const } : {}),
    })),
    differences: relations.flatMap(([, { differences }]) => differences),
    ...(waiting === 0 ? {} : { waiting }),
    ...(stages.length === 0 ? {} : { stages }),
    ...(inConflict === 0 ? {} : { inConflict }),
    ...(refused === 0 ? {} : { refused }),
  }
}

/** Not there, and the target would not take it: that each run says, and no further one changes it. */
const isRefused = ({ change, rows }: AccountChange): boolean =>
  change === 'reject' && rows.some(({ relation, create }) => relation === 'account' && create > 0)

/** The last run that ended, as a report names it. */
export const lastRunOf = async (request: MigrationRequest, prepared: Prepared): Promise<string> =>
  nameOf((await knownRuns(request, prepared)).lastDone)

const nameOf = (run: { readonly head: { readonly runId: string } } | undefined): string =>
  run?.head.runId ?? 'none on record here'

interface Seen {
  wanted: number
  present: number
  missing: number
  extra: number
  differing: number
  theirs: number
  foreign: number
  readonly differences: RowDifference[]
}

const toTable = (
  relation: Relation,
  { wanted, present, missing, extra, differing, theirs, foreign }: Seen,
  milliseconds: number,
): TableVerification => ({
  table: relation,
  relation,
  wanted,
  present,
  missing,
  extra,
  differing,
  theirs,
  foreign,
  milliseconds,
})

const nothing = (): Seen => ({
  wanted: 0,
  present: 0,
  missing: 0,
  extra: 0,
  differing: 0,
  theirs: 0,
  foreign: 0,
  differences: [],
})

const add = (seen: Seen, rows: RowChanges, { mxid }: AccountChange): void => {
  const { create, update, remove, unchanged, theirs, foreign } = rows
  seen.wanted += create + update + unchanged + theirs + foreign
  seen.present += update + remove + unchanged + theirs + foreign
  seen.missing += create
  seen.extra += remove
  seen.differing += update
  seen.theirs += theirs
  seen.foreign += foreign
  const kinds = { missing: create, extra: remove, differs: update, theirs } as const
  for (const [kind, count] of Object.entries(kinds) as readonly (readonly [RowDifference['kind'], number])[]) {
    if (count === 0 || seen.differences.length >= SHOWN) continue
    const row = count === 1 ? mxid : `${mxid} (${count} rows)`
    seen.differences.push({ table: rows.relation, kind, row, columns: [] })
  }
}
