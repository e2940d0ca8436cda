import { join } from 'node:path'
import { FINDINGS } from '../../../src/findings/catalogue.ts'
import { check } from '../../../src/migration/check.ts'
import { migrate } from '../../../src/migration/migrate.ts'
import { plan } from '../../../src/migration/plan.ts'
import type { ProofRequest } from '../../../src/migration/proofs/prove-logins.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { rollback } from '../../../src/migration/rollback/rollback.ts'
import { fileRecorder } from '../../../src/migration/runs/recorder.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { ThrowAwayTarget } from '../../../src/rehearsal/ends/throw-away-target.ts'
import type { RehearsalSource } from '../../../src/rehearsal/sources/rehearsal-source.ts'
import type { CheckDocument, PlanDocument, RunDocument, VerifyDocument } from '../../../src/report/documents.ts'
import type { RollbackDocument } from '../../../src/report/rollback-document.ts'
import { silentProgress } from '../../../src/targets/progress.ts'

/** Every step of a migration, by the code that does it for real. */
export interface Moving {
  check(): Promise<CheckDocument>
  plan(): Promise<PlanDocument>
  migrate(): Promise<RunDocument>
  verify(proofs?: ProofRequest): Promise<VerifyDocument>
  rollback(run: RunDocument): Promise<RollbackDocument>
}

/** People of a rehearsal, and the target that they move to. Every warning is accepted. */
export const movingPeople = (source: RehearsalSource, target: ThrowAwayTarget, folder: string): Moving => {
  const runs = join(folder, 'runs')
  const request: MigrationRequest = {
    homeserver: source.homeserver,
    source: source.source,
    openTarget: (signal) => target.open(signal),
    mapping: target.mapping,
    ...(source.asOf === undefined ? {} : { asOf: source.asOf }),
    readers: 2,
    accept: ['all-warnings', ...Object.keys(FINDINGS)],
    backup: 'not needed',
    runs,
    recorder: fileRecorder({ runs, command: ['syn2op', 'rehearse'], warn: () => {} }),
    progress: silentProgress,
    signal: new AbortController().signal,
  }
  const { asOf: _, ...afterwards } = request
  const confirmed = async <Result>(result: Promise<Result | undefined>): Promise<Result> => {
    const given = await result
    if (given === undefined) throw new Error('what was confirmed has no result')
    return given
  }
  return {
    check: () => check(request),
    plan: () => plan(request),
    migrate: () => confirmed(migrate({ ...request, confirm: async () => true })),
    verify: (proofs) => verify({ ...afterwards, ...(proofs === undefined ? {} : { proofs }) }),
    rollback: ({ runId }) =>
      confirmed(
        rollback({
          ...request,
          what: runId,
          used: target.name === 'mas' ? 'remove' : 'keep',
          confirm: async () => true,
        }),
      ),
  }
}
