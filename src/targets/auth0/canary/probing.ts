import type { Agent } from 'node:http'
import { encodedPath } from '../../http/encoded-path.ts'
import type { ConnectionRules } from '../accounts/user-rules.ts'
import { type Refused, refused } from '../api/answers.ts'
import { JOB } from '../api/job-shapes.ts'
import { type Job, jobById, jobErrors, type RowError } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { multipart } from '../api/multipart.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { followJob, type JobEnd } from '../jobs/follow-job.ts'
import { type Grant, grantByPassword } from '../login/password-grant.ts'
import type { Probe, Probes } from './probes.ts'

/** A file as it is sent, whatever is in it. */
export interface TriedImport {
  readonly file: string
  readonly upsert?: true
}

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
  import(tried: TriedImport): Promise<ImportEnd>
  /** Undefined: auth0.yaml names no application. */
  login(typed: { readonly username: string; readonly password: string }): Promise<Grant | undefined>
  /** To be called before something is made: it is taken away in the end, the last first, also where nobody knows whether it is there. */
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

  const importFile = async ({ file, upsert }: TriedImport): Promise<ImportEnd> => {
    const form = formOf({ file, connectionId: connection.id, tag: probes.tag, ...(upsert ? { upsert } : {}) })
    const asked = { method: 'POST', path: 'jobs/users-imports' } as const
    const answer = await api.send({ ...asked, form, signal })
    if (answer.status < 200 || answer.status > 299) return refused(answer)
    const { id } = JOB.parse(answer.body)
    let hasEnded = false
    // Whoever it makes after they were deleted would stay.
    undoLater(async (stop) => {
      if (!hasEnded) await follow(id, AbortSignal.any([stop, AbortSignal.timeout(END_MS)])).catch(() => undefined)
    })
    const end = await follow(id, signal)
    hasEnded = true
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
        await api.send({ method: 'DELETE', path: encodedPath`users/${`auth0|${userId}`}`, signal: stop })
      })
    }
    return importFile({ file: JSON.stringify(everybody().map(({ row }) => row)) })
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
    import: importFile,
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
  upsert = false,
}: {
  readonly file: string
  readonly connectionId: string
  readonly tag: string
  readonly upsert?: boolean
}) => {
  const fields = {
    connection_id: connectionId,
    external_id: `syn2op-canary-${tag}`,
    upsert: String(upsert),
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
