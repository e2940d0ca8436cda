import { sql } from 'kysely'
import { ownerHash } from '../difference/owner.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { VerifyDocument } from '../report/documents.ts'
import type { AccountPrints, ChangedOwners, SqlRoad } from '../targets/sql-road.ts'
import type { Stoppable } from '../targets/target.ts'
import { accountPrints } from './account-prints.ts'
import { deletionsNow } from './find-predictions.ts'
import { requireClear } from './gate.ts'
import { ownersOf } from './owners-of.ts'
import { type Prepared, withPrepared } from './prepare.ts'
import { type ProofRequest, proveLogins } from './proofs/prove-logins.ts'
import type { MigrationRequest } from './request.ts'
import { type Sample, sampleFields } from './sample-fields.ts'
import { lastRunOf, verifySlowly } from './slow-road/verify-slowly.ts'

export interface VerifyRequest extends MigrationRequest {
  /** Compares some accounts field by field as well. */
  readonly sample?: Sample
  /** Tries old tokens and passwords instead of comparing rows: people use the target by then. */
  readonly proofs?: ProofRequest
}

/**
 * Compares every column of every row at the target with what the source says it should be, and says what the target
 * would make Synapse delete. Writes nothing. Accounts that no run has come to are not compared. Of a copy that is still
 * brought up to date only those are that have not changed in Synapse since: the others are the next run's work.
 */
export const verify = (request: VerifyRequest): Promise<VerifyDocument> =>
  withPrepared(request, 'verify', async (prepared) => {
    const { target, history, readers, decisions, head } = prepared
    const road = target.sql
    if (road === undefined || history === undefined) return withoutRoad(request, prepared)
    const { state, runs } = history
    const [last] = runs
    if (last === undefined) {
      throw new Syn2opError('run.missing', `No finished run of syn2op is on record at ${head.target.location}`, {
        next: ['Run `syn2op migrate` first, or look whether this is the right target.'],
      })
    }
    requireClear({ findings: head.findings.filter(({ severity }) => severity === 'error') })
    if (request.proofs !== undefined) {
      const proofs = await proveLogins(request.proofs, prepared, request)
      return { kind: 'verify', ...head, runId: last.runId, tables: [], differences: [], proofs }
    }
    request.progress.phase('verify')
    const { without, changedSince, waiting } = await (state === 'online' ? changedOwners : waitingOwners)(
      road,
      request,
      prepared,
    )
    const result = await road.verify({ decisions, readers, without, signal: request.signal })
    const fields = await sampleFields(request, prepared, without)
    const deletions = await deletionsNow(request, prepared)
    return {
      kind: 'verify',
      ...head,
      runId: last.runId,
      ...result,
      ...(changedSince === undefined ? {} : { changedSince }),
      ...(waiting === 0 ? {} : { waiting }),
      ...(history.cohorts === undefined ? {} : { stages: history.cohorts }),
      ...(fields === undefined ? {} : { fields }),
      ...(deletions === undefined ? {} : { deletions }),
    }
  })

/** At a target without a road by SQL: what no sample can be taken of is refused rather than left out in silence. */
const withoutRoad = async (request: VerifyRequest, prepared: Prepared): Promise<VerifyDocument> => {
  if (request.sample !== undefined) {
    throw new Syn2opError('run.not-possible', `No sample can be taken of ${prepared.head.target.product}`, {
      next: ['Run `syn2op verify` without --sample: it compares everybody.'],
    })
  }
  if (request.proofs === undefined) return verifySlowly(request, prepared)
  const { head } = prepared
  requireClear({ findings: head.findings.filter(({ severity }) => severity === 'error') })
  const proofs = await proveLogins(request.proofs, prepared, request)
  return { kind: 'verify', ...head, runId: await lastRunOf(request, prepared), tables: [], differences: [], proofs }
}

interface LeftOut {
  readonly without: readonly string[]
  readonly changedSince?: number
  /** How many of them no run has come to. */
  readonly waiting: number
}

type LeavesOut = (
  road: SqlRoad,
  request: Pick<MigrationRequest, 'signal'>,
  prepared: Pick<Prepared, 'source' | 'decisions' | 'readers' | 'scout'>,
) => Promise<LeftOut>

/** What was seen is not kept: nothing is written after it. */
const seenOnce = async (road: SqlRoad, prints: AccountPrints, stop: Stoppable): Promise<ChangedOwners> => {
  try {
    return await road.changedOwners(prints, stop)
  } finally {
    await road.forgetChanged()
  }
}

const changedOwners: LeavesOut = async (road, { signal }, { source, decisions, readers, scout }) => {
  const { owners, gone, waiting } = await seenOnce(road, accountPrints({ ...source, decisions, readers }), { signal })
  const without = [...new Set([...owners, ...(await ownersOf(gone, scout))])]
  return { without, changedSince: without.length - waiting, waiting }
}

const waitingOwners: LeavesOut = async (road, { signal }, { source, scout }) => {
  const query = sql`SELECT ${ownerHash(sql`name`)} AS owner FROM ${source.relations.users} u WHERE name IS NOT NULL`
  const without = (await road.waitingOwners?.({ query, reader: scout }, { signal })) ?? []
  return { without, waiting: without.length }
}
