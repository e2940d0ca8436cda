import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { RunDocument } from '../../report/documents.ts'
import { isDisproved } from '../../report/is-proved.ts'
import type { LinkDocument } from '../../report/link-document.ts'
import { BARE_COMMAND, typedCommand } from '../../report/resume-command.ts'
import type { PlanOfTwo, RunOfTwo } from '../../report/two-targets.ts'
import { afterRuns } from '../../report/two-targets-steps.ts'
import { syn2opVersion } from '../../version.ts'
import { failureOf } from '../failure-of.ts'
import { migrate } from '../migrate.ts'
import type { MigrationRequest } from '../request.ts'
import { whatWasBegun } from './begun.ts'
import { passGates } from './gates.ts'
import type { ModeAsked } from './go-on-with.ts'
import { planOfTwo } from './plan-both.ts'
import type { BothRequest } from './request.ts'

export interface MigrateBothRequest extends BothRequest, ModeAsked {
  /** Shown both plans before anything is written; false ends with nothing done. */
  readonly confirm: (plan: PlanOfTwo) => Promise<boolean>
}

/**
 * Fills the target of the logins, then that of the accounts, and joins them once the accounts stand in their place: three runs,
 * each with a record of its own. Nothing is written before all three can be. What has ended stands whatever happens to the
 * next one, and the same again finds it there.
 * @returns undefined when the answer was no.
 * @throws Syn2opError of the run that failed, which says what ended before it and how to go on.
 */
export const migrateBoth = async (request: MigrateBothRequest): Promise<RunOfTwo | undefined> => {
  const { cohort, ...asked } = await whatWasBegun(request, request)
  const { logins, accounts, link } = cohort === undefined ? request : ofCohort(request, cohort)
  const gates = await passGates({ logins, accounts, link }, asked)
  if (!(await request.confirm(planOfTwo([gates.logins.plan, gates.accounts.plan], gates.links)))) return undefined
  const runs: RunDocument[] = []
  const next = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      // A run that was whole by then does not say that it was asked to stop.
      for (const stop of [logins.signal, logins.stopSoon?.asked]) stop?.throwIfAborted()
      return await work()
    } catch (error) {
      throw afterThese(runs, request, error)
    }
  }
  runs.push(await next(() => written(logins, gates.logins.asked)))
  if (runs.every(isWhole)) runs.push(await next(() => written(accounts, gates.accounts.asked)))
  const links =
    runs.length === 2 && runs.every(isWhole) && runs.at(-1)?.road !== 'online'
      ? await next(() => linked(link))
      : undefined
  return documentOf(runs, links)
}

const ofCohort = ({ logins, accounts, link }: BothRequest, cohort: string): BothRequest => ({
  logins: { ...logins, cohort },
  accounts: { ...accounts, cohort },
  link: (wish) => link({ ...wish, cohort }),
})

const written = async (request: MigrationRequest, asked: ModeAsked): Promise<RunDocument> => {
  const document = await migrate({ ...request, ...asked, confirm: async () => true })
  if (document === undefined) throw new TypeError('a run that is confirmed has a result')
  return document
}

/** Whether it came to its end, so that what comes after it may begin. Accounts that were rejected keep nobody else waiting. */
const isWhole = (run: RunDocument): boolean =>
  run.endedEarly === undefined && run.refused === undefined && !isDisproved(run)

/**
 * Whom MAS lacks by now is told by its run. Who turned out to be only there while Keycloak was filled is told, and keeps nobody
 * else waiting.
 */
const linked = (link: BothRequest['link']): Promise<LinkDocument> =>
  link({ whom: 'migrated', action: 'apply', accept: ['LINK_USERS_MISSING'], tells: ['LINK_NOT_AT_KEYCLOAK'] })

const documentOf = (runs: readonly RunDocument[], links: LinkDocument | undefined): RunOfTwo => {
  const document = {
    kind: 'run-of-two',
    format: 1,
    syn2op: syn2opVersion(),
    serverName: runs[0]?.serverName ?? '',
    runs,
    ...(links === undefined ? {} : { links }),
  } as const
  return { ...document, next: afterRuns(document) }
}

/** The error of one of the runs, with what ended before it. */
const afterThese = (
  runs: readonly RunDocument[],
  { logins: { signal, command = BARE_COMMAND } }: BothRequest,
  error: unknown,
): unknown => {
  const known = failureOf(error, { signal })
  if (!(known instanceof Syn2opError) || runs.length === 0) return known
  const ended = runs.map(({ runId, target }) => `run ${runId} into ${target.product}`).join(' and ')
  return new Syn2opError(known.code, known.message, {
    problems: known.problems,
    next: [
      ...known.next,
      `What ended before stands: ${ended}.`,
      `The same again finds it there, and does the rest: ${typedCommand(command)}`,
    ],
    cause: known.cause,
  })
}
