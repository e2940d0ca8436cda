import { Syn2opError } from '../errors/syn2op-error.ts'
import type { VerifyDocument } from '../report/documents.ts'
import { requireClear } from './gate.ts'
import { withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { verifySlowly } from './slow-road/verify-slowly.ts'

/** Compares every column of every row at the target with what the source says it should be. Writes nothing. */
export const verify = (request: MigrationRequest): Promise<VerifyDocument> =>
  withPrepared(request, 'verify', async (prepared) => {
    const { target, readers, decisions, head } = prepared
    const road = target.sql
    if (road === undefined) return verifySlowly(request, prepared)
    const [last] = (await road.history()).runs
    if (last === undefined) {
      throw new Syn2opError('run.missing', `No finished run of syn2op is on record at ${head.target.location}`, {
        next: ['Run `syn2op migrate` first, or look whether this is the right target.'],
      })
    }
    requireClear({ findings: head.findings.filter(({ severity }) => severity === 'error') })
    request.progress.phase('verify')
    const result = await road.verify({ decisions, readers })
    return { kind: 'verify', ...head, runId: last.runId, ...result }
  })
