import { openWarnings } from '../findings/accept.ts'
import { check } from '../migration/check.ts'
import { migrate } from '../migration/migrate.ts'
import { plan } from '../migration/plan.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { rollback } from '../migration/rollback/rollback.ts'
import { verify } from '../migration/verify.ts'
import type { CheckDocument, PlanDocument, RehearsalDocument, RunDocument } from '../report/documents.ts'
import { syn2opVersion } from '../version.ts'
import type { Backends } from './backends.ts'
import { failedStep } from './failed-step.ts'
import { judge } from './judge.ts'
import { EVERY_WARNING, type RehearsedRequest, rehearsedRequest } from './migration-request.ts'
import { nightOf, type RehearsedNight } from './night.ts'
import { proofsOf, type RehearsedProofs } from './prove.ts'
import { comparePlans } from './same-plan.ts'
import type { PostgresService } from './services/postgres/postgres-service.ts'
import type { StartContext } from './services/way.ts'
import type { StepClock } from './step-clock.ts'
import { stepProgress } from './step-progress.ts'

export interface Rehearsal extends RehearsedRequest {
  readonly context: StartContext
  /** Everything that runs for it, for people. */
  readonly services: readonly string[]
  readonly clock: StepClock
  readonly backends: Backends
  /** Words of a command line that name those servers again that were given by it. */
  readonly servers?: readonly string[]
  /** Whether databases wait for disks: what the times mean. */
  readonly durability: RehearsedNight['durability']
  /** Of it, databases of what is started for the proofs. */
  readonly postgres: Pick<PostgresService, 'createDatabase'>
  /** Looks at the people once they are moved and verified, before anybody logs in and all is taken back. */
  readonly look?: (request: MigrationRequest, run: RunDocument) => Promise<void>
}

/** What has been done by now of what follows the plan. */
type Done = {
  -readonly [Part in 'run' | 'verify' | 'proofs' | 'rollback' | 'again' | 'failure']?: RehearsalDocument[Part]
} & { unproved: RehearsalDocument['unproved']; services: RehearsalDocument['services'] }

/** What follows the plan, in this order. */
const AFTERWARDS = ['migrate', 'verify', 'prove logins and tokens', 'roll back', 'plan again'] as const

type During = (step: string) => MigrationRequest

/**
 * Goes through the whole night with people and a target that are ready, by the code that does it for real. What fails after the
 * plan ends it and is told in the document; where only the proofs could not be tried, everything is taken back all the same.
 * @throws Syn2opError what check and plan raise; run.interrupted
 */
export const goThrough = async (rehearsal: Rehearsal): Promise<RehearsalDocument> => {
  const { source, target, clock, context, progress, durability } = rehearsal
  const request = rehearsedRequest(rehearsal)
  if (target.clock !== undefined) clock.goBy(target.clock.now)
  const during: During = (step) => ({ ...request, progress: stepProgress(progress, step) })
  const checked = await clock.step('check', () => check(during('check')))
  const planned = await clock.step('plan', () => plan({ ...during('plan'), ...rehearsal.lists }))
  const done = await afterPlan(rehearsal, { during, checked, planned })
  const { unproved, services, ...parts } = done
  const steps = clock.steps()
  const seen = { steps, check: checked, plan: planned, ...parts }
  const night = nightOf({
    ...seen,
    people: source.kind,
    durability,
    readFrom: source.staged === undefined ? 'postgres' : 'sqlite',
    ...(source.original === undefined ? {} : { original: source.original }),
  })
  return {
    kind: 'rehearsal',
    format: 1,
    syn2op: syn2opVersion(),
    id: context.lease.id,
    people: { kind: source.kind, what: source.what },
    services,
    verdict: judge(seen).verdict,
    steps,
    unproved,
    toAccept: [...new Set(openWarnings(planned.findings).map(({ code }) => code))],
    plan: planned,
    ...parts,
    ...(night === undefined ? {} : { night }),
  }
}

interface Planned {
  readonly during: During
  readonly checked: CheckDocument
  readonly planned: PlanDocument
}

const afterPlan = async (rehearsal: Rehearsal, plans: Planned): Promise<Done> => {
  const { target, clock, context, services } = rehearsal
  const done: Done = { unproved: target.unproved, services }
  try {
    await carryOut(rehearsal, plans, done)
  } catch (error) {
    context.signal.throwIfAborted()
    const [last] = clock.steps().slice(-1)
    const failure = failedStep(last?.step ?? 'migrate', error)
    // The first one is told.
    if (done.failure !== undefined) context.note(`Also at ${failure.step}: ${failure.message}`)
    done.failure ??= failure
    skipTheRest(clock, failure.step)
  }
  return done
}

const skipTheRest = (clock: StepClock, failed: string): void => {
  const reached = new Set(clock.steps().map(({ step }) => step))
  for (const step of AFTERWARDS) {
    if (!reached.has(step)) clock.skip(step, `\`${failed}\` failed`)
  }
}

const carryOut = async (rehearsal: Rehearsal, { during, planned }: Planned, done: Done): Promise<void> => {
  const { clock } = rehearsal
  const accepting: During = (step) => ({ ...during(step), accept: EVERY_WARNING })
  const run = await clock.step('migrate', () => migrate({ ...accepting('migrate'), confirm: async () => true }))
  if (run === undefined) throw new TypeError('a confirmed migration has a result')
  done.run = run
  const { asOf: _, ...afterwards } = accepting('verify')
  done.verify = await clock.step('verify', () => verify({ ...afterwards, ...rehearsal.lists }))
  await rehearsal.look?.(afterwards, run)
  const proofs = await proofsOf(rehearsal, afterwards)
  done.unproved = proofs.unproved
  done.services = [...done.services, ...proofs.services]
  if (proofs.document !== undefined) done.proofs = proofs.document
  // What could not be proved is still to be taken back: whether that works is asked too.
  if (proofs.failure !== undefined) done.failure = proofs.failure
  await takeBack(rehearsal, { accepting, planned, run, proofs }, done)
}

interface Moved {
  readonly accepting: During
  readonly planned: PlanDocument
  readonly run: RunDocument
  readonly proofs: RehearsedProofs
}

const takeBack = async (
  { clock }: Rehearsal,
  { accepting, planned, run, proofs }: Moved,
  done: Done,
): Promise<void> => {
  const rolledBack = await clock.step('roll back', () =>
    rollback({
      ...accepting('roll back'),
      what: run.runId,
      used: 'keep',
      confirm: async () => true,
    }),
  )
  if (rolledBack === undefined) throw new TypeError('a confirmed rollback has a result')
  done.rollback = rolledBack
  if (proofs.stays === 'not known') {
    clock.skip('plan again', 'how many have logged in, and so stay, is not known')
    return
  }
  const again = await clock.step('plan again', () => plan(accepting('plan again')))
  done.again = comparePlans(planned, again, { stayed: proofs.stays })
}
