import type { Agent } from 'node:http'
import { isUnclear } from '../../http/unclear.ts'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import { parsed, type Refused, refused } from '../api/answers.ts'
import { JOB } from '../api/job-shapes.ts'
import { type Job, jobById, jobErrors, type RowError } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { multipart } from '../api/multipart.ts'
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
  const importFile = async (file: string, told: (state: ImportState) => void = () => undefined): Promise<ImportEnd> => {
    const form = formOf({ file, connectionId: connection.id, tag: probes.tag })
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

  const everybody = (): readonly Probe[] => [
    probes.peppered,
    probes.withoutEmail,
    probes.withPhone,
    probes.withLetters,
    probes.withLongId,
  ]

  const importProbes = (): Promise<ImportEnd> => {
    for (const { userId } of everybody()) {
      undoLater(async (stop) => {
        const answer = await deleteUser(api, `auth0|${userId}`, stop)
        if (answer.kind !== 'done' && answer.kind !== 'missing') throw new Error(answer.words)
      })
    }
    let state: ImportState = 'over'
    // Whoever it makes after they were deleted would stay.
    undoLater(async (stop) => {
      if (state === 'over') return
      if (state === 'sent') throw new Error('nobody can ask for a job whose name was lost')
      await follow(state.job, AbortSignal.any([stop, AbortSignal.timeout(END_MS)]))
      state = 'over'
    })
    return importFile(JSON.stringify(everybody().map(({ row }) => row)), (next) => {
      state = next
    })
  }

  return {
    ...request,
    refusalOf: async ({ userId }) => {
      first ??= importProbes()
      const end = await first
      if (end.kind !== 'ended') return [{ code: String(end.status), message: end.words }]
      if (end.end.kind !== 'completed') return [{ code: end.end.kind, message: end.end.words }]
      return end.errors.get(userId)
    },
    import: (file) => importFile(file),
    login: async (typed) =>
      config.application === undefined
        ? undefined
        : grantByPassword({ config, application: config.application, agent, signal }, typed),
  }
}

/** The form of an import request. */
export const formOf = ({
  file,
  connectionId,
  tag,
}: {
  readonly file: string
  readonly connectionId: string
  readonly tag: string
}) => {
  const fields = {
    connection_id: connectionId,
    external_id: `syn2op-canary-${tag}`,
    // Nobody who is there is changed.
    upsert: 'false',
    send_completion_email: 'false',
  }
  const { contentType, bytes } = multipart(fields, {
    name: 'users',
    fileName: 'users.json',
    contentType: 'application/json',
    bytes: Buffer.from(file),
  })
  return { contentType, bytes }
}

/** Whether a row was refused for this field: for another, such as one that the connection requires, it says nothing. */
export const isAbout = (errors: readonly RowError[], field: string): boolean =>
  errors.some(({ path, message }) => path?.startsWith(field) ?? message.includes(field))

/** Codes and words of a refusal. */
export const inWords = (errors: readonly RowError[]): string =>
  errors.map(({ code, message, path }) => `${code}${path === undefined ? '' : ` at ${path}`}: ${message}`).join('; ')
