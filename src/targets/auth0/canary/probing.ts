import type { Agent } from 'node:http'
import { isUnclear } from '../../http/unclear.ts'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import { parsed, type Refused, refused } from '../api/answers.ts'
import { JOB } from '../api/job-shapes.ts'
import { importForm, type Job, jobById, jobErrors, type RowError } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { Multipart } from '../api/multipart.ts'
import { deleteUser } from '../api/users-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { followJob, type JobEnd } from '../jobs/follow-job.ts'
import { type Grant, grantByPassword } from '../login/password-grant.ts'
import type { Probe, Probes } from './probes.ts'

/** `errors`: of the rows that were refused, by their user_id; `''` where a row names none. */
export type ImportEnd =
  | Refused
  | {
      readonly kind: 'ended'
      readonly end: JobEnd
      readonly job: Job | undefined
      readonly errors: ReadonlyMap<string, readonly RowError[]>
    }

/** One trial at a tenant: what claims ask by. */
export interface Probing {
  readonly api: ManagementApi
  readonly config: Auth0Config
  readonly connection: { readonly id: string; readonly rules: ConnectionRules }
  readonly probes: Probes
  readonly signal: AbortSignal
  /** Why Auth0 refused a probe of the first import; undefined: it is there. */
  refusalOf(probe: Probe): Promise<readonly RowError[] | undefined>
  /** Imports a file as it is sent, in which there is nobody who could be made. */
  import(file: string): Promise<ImportEnd>
  /**
   * Imports a probe once more. `upsert`: it is there, and is changed by its address, which nobody else has.
   * @returns why Auth0 refused it; undefined: it has not
   */
  importAgain(probe: Probe, mode?: 'upsert'): Promise<readonly RowError[] | undefined>
  /** Undefined: auth0.yaml names no application. */
  login(typed: { readonly username: string; readonly password: string }): Promise<Grant | undefined>
  /**
   * To be called before something is made: it is taken away in the end, the last first, also where nobody knows whether it is there.
   * Throws where something may be left; it is then called once more.
   */
  undoLater(undo: (signal: AbortSignal) => Promise<void>): void
}

export interface ProbingRequest
  extends Pick<Probing, 'api' | 'config' | 'connection' | 'probes' | 'signal' | 'undoLater'> {
  readonly agent: Agent
}

/** Milliseconds that a job of a few rows takes about. */
const JOB_MS = 2000

/** For the end of a job that is under way when everything is to be taken away: longer nobody waits who has pressed Ctrl-C. */
const END_MS = 20_000

/** `sent`: whether Auth0 has taken it is not known. `over`: nobody is made any more. */
type ImportState = 'sent' | { readonly job: string } | 'over'

export const openProbing = (request: ProbingRequest): Probing => {
  const { api, config, connection, probes, signal, agent, undoLater } = request
  let first: Promise<ImportEnd> | undefined

  const follow = (id: string, stop: AbortSignal): Promise<JobEnd> =>
    followJob({
      look: (until) => jobById(api, id, until),
      expected: JOB_MS,
      clock: api.clock,
      signal: stop,
    })

  /** @param told how far it has come */
  const importFile = async (
    { file, mode }: { readonly file: string; readonly mode?: 'upsert' | undefined },
    told: (state: ImportState) => void = () => undefined,
  ): Promise<ImportEnd> => {
    const form = formOf({ file, connectionId: connection.id, tag: probes.tag, mode })
    const asked = { method: 'POST', path: 'jobs/users-imports' } as const
    told('sent')
    const answer = await api.send({ ...asked, form, signal }).catch((error: unknown) => {
      // What the stop cut off may have arrived.
      if (!isUnclear(error) && !signal.aborted) told('over')
      throw error
    })
    if (answer.status < 200 || answer.status > 299) {
      told('over')
      return refused(answer)
    }
    const { id } = parsed(JOB, asked, answer)
    told({ job: id })
    const end = await follow(id, signal)
    told('over')
    const errors = await jobErrors(api, id, signal)
    return {
      kind: 'ended',
      end,
      job: errors.kind === 'job' ? errors.job : await jobById(api, id, signal),
      errors: new Map(errors.kind === 'rows' ? errors.rows.map((row) => [row.userId ?? '', row.errors]) : []),
    }
  }

  const everybody = [probes.peppered, probes.longPeppered, probes.spaced, probes.unusual, probes.unfit]

  /** Whoever it makes after they were deleted would stay: it is waited for before that. */
  const importPeople = (people: readonly Probe[], mode?: 'upsert'): Promise<ImportEnd> => {
    let state: ImportState = 'over'
    undoLater(async (stop) => {
      if (state === 'over') return
      if (state === 'sent') throw new Error('nobody can ask for a job whose name was lost')
      await follow(state.job, AbortSignal.any([stop, AbortSignal.timeout(END_MS)]))
      state = 'over'
    })
    return importFile({ file: JSON.stringify(people.map(({ row }) => row)), mode }, (next) => {
      state = next
    })
  }

  const importProbes = (): Promise<ImportEnd> => {
    for (const { userId } of everybody) {
      undoLater(async (stop) => {
        const answer = await deleteUser(api, `auth0|${userId}`, stop)
        if (answer.kind !== 'done' && answer.kind !== 'missing') throw new Error(answer.words)
      })
    }
    return importPeople(everybody)
  }

  return {
    ...request,
    refusalOf: async (probe) => {
      first ??= importProbes()
      return refusalIn(await first, probe)
    },
    import: (file) => importFile({ file }),
    importAgain: async (probe, mode) => refusalIn(await importPeople([probe], mode), probe),
    login: async (typed) =>
      config.application === undefined
        ? undefined
        : grantByPassword({ config, application: config.application, agent, signal }, typed),
  }
}

const refusalIn = (end: ImportEnd, { userId }: Probe): readonly RowError[] | undefined => {
  if (end.kind !== 'ended') return [{ code: String(end.status), message: end.words }]
  if (end.end.kind !== 'completed') return [{ code: end.end.kind, message: end.end.words }]
  return end.errors.get(userId)
}

/** The form of an import request. Without `mode` nobody who is there is changed. */
export const formOf = ({
  file,
  connectionId,
  tag,
  mode,
}: {
  readonly file: string
  readonly connectionId: string
  readonly tag: string
  readonly mode?: 'upsert' | undefined
}): Multipart =>
  importForm({
    connectionId,
    externalId: `syn2op-canary-${tag}`,
    file: Buffer.from(file),
    ...(mode === undefined ? {} : { mode }),
  })
