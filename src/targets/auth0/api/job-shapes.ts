import { z } from 'zod'
import { redacted, redactedUnlessCode, secretsOf } from './redact.ts'

export interface Job {
  readonly id: string
  /** `completed` and `failed` are the last; Auth0 names others than `pending` while it works, and says not which. */
  readonly status: string
  /** Milliseconds. */
  readonly timeLeft?: number
  /** Why it failed, where Auth0 says. */
  readonly statusDetails?: string
  /** Of an import: how many rows of its file have become users. */
  readonly summary?: { readonly inserted: number }
  /** Of an export: where its file is, for a minute from when this was read. A secret. */
  readonly location?: string
}

export const hasEnded = ({ status }: Pick<Job, 'status'>): boolean => status === 'completed' || status === 'failed'

const SUMMARY = z.object({ inserted: z.number().int().nonnegative() })

export const JOB = z
  .object({
    id: z.string(),
    status: z.string(),
    time_left_seconds: z.number().nullish(),
    status_details: z.string().nullish(),
    summary: SUMMARY.nullish(),
    location: z.string().nullish(),
  })
  .transform(
    (job): Job => ({
      id: job.id,
      status: job.status,
      ...(typeof job.time_left_seconds === 'number' ? { timeLeft: job.time_left_seconds * 1000 } : {}),
      ...(job.status_details ? { statusDetails: redacted(job.status_details) } : {}),
      ...(job.summary ? { summary: job.summary } : {}),
      ...(job.location ? { location: job.location } : {}),
    }),
  )

/** Why one row of an import was refused. What is repeated of the row is what finds its user again, and no secret. */
export interface RowRefusal {
  /** As in the file, without `auth0|` before it. */
  readonly userId?: string
  readonly username?: string
  readonly email?: string
  readonly errors: readonly RowError[]
}

export interface RowError {
  /** Such as `DUPLICATED_USER`; Auth0 has more than it documents. */
  readonly code: string
  /** Auth0's own, without what is secret in the row. */
  readonly message: string
  /** Of the field, from the top of the row. */
  readonly path?: string
}

const ROW = z.object({ user_id: z.string(), username: z.string(), email: z.string() }).partial()

const ROW_ERROR = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  path: z.string().nullish(),
})

/** The row itself, with its hash and the pepper, ends here. What it does not hold has been taken out of the words before. */
const ROW_REFUSAL = z
  .object({ user: z.unknown(), errors: z.array(ROW_ERROR).nullish() })
  .transform(({ user, errors }): RowRefusal => {
    const secrets = secretsOf(user)
    const { user_id: userId, username, email } = ROW.safeParse(user).data ?? {}
    return {
      ...(userId === undefined ? {} : { userId }),
      ...(username === undefined ? {} : { username }),
      ...(email === undefined ? {} : { email }),
      errors: (errors ?? []).map(({ code, message, path }) => ({
        code: redactedUnlessCode(code ?? 'UNKNOWN', secrets),
        message: redacted(message ?? '', secrets)
          .slice(0, 300)
          .toWellFormed(),
        ...(path ? { path: redacted(path, secrets) } : {}),
      })),
    }
  })

/** Rows, or, where the job as a whole has failed, the job. */
export const JOB_ERRORS = z.union([z.array(ROW_REFUSAL), JOB])
