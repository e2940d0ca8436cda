import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { RowMark } from '../../rows/row-mark.ts'

/** Where in the app_metadata the marks are. */
export const MARKS = 'syn2op'

/**
 * What we last wrote of a user, kept in its app_metadata: a digest of each row, so that what has been changed since is told from what
 * is still ours.
 */
export interface Marks {
  readonly mxid: string
  /** The source's server name. */
  readonly server: string
  /** The run that created the user. */
  readonly createdBy: string
  /** Of the account's own row, but for whether it may log in. */
  readonly account: string
  readonly blocked: boolean
  /** The names of the mapping's attributes that were written. */
  readonly attributes: readonly string[]
  readonly password?: RowMark
  readonly threepids: readonly RowMark[]
  readonly links: readonly RowMark[]
  /**
   * Digests of links that a run was about to make or to undo when it noted this. Where it died over that, nobody else need have touched
   * those that are absent.
   */
  readonly underWay: readonly string[]
  /** The user_id of whom SCIM has made, or is about to make, for this user to be linked to. */
  readonly primary?: string
}

const digest = z.string().regex(/^[\w-]{22}$/u)
const row = z.tuple([digest, z.int().min(0).optional()])
const written = z.strictObject({
  v: z.literal(1),
  mxid: z.string(),
  server: z.string(),
  run: z.string(),
  a: digest,
  b: z.literal(true).optional(),
  n: z.array(z.string()).optional(),
  p: row.optional(),
  t: z.array(row).optional(),
  l: z.array(row).optional(),
  u: z.array(digest).optional(),
  r: z.array(z.string()).optional(),
  s: z.string().optional(),
})

/** The value in the metadata. */
export type EncodedMarks = z.infer<typeof written>

export const encodeMarks = (marks: Marks): EncodedMarks => {
  const { mxid, server, createdBy, account, blocked, attributes, password, threepids, links, underWay, primary } = marks
  const runs = laterRuns(marks)
  const encoded = ({ digest: of, run }: RowMark): z.infer<typeof row> =>
    run === undefined ? [of] : [of, runs.indexOf(run)]
  return {
    v: 1,
    mxid,
    server,
    run: createdBy,
    a: account,
    ...(blocked ? { b: true } : {}),
    ...(attributes.length === 0 ? {} : { n: [...attributes] }),
    ...(password === undefined ? {} : { p: encoded(password) }),
    ...(threepids.length === 0 ? {} : { t: threepids.map(encoded) }),
    ...(links.length === 0 ? {} : { l: links.map(encoded) }),
    ...(underWay.length === 0 ? {} : { u: [...underWay] }),
    ...(runs.length === 0 ? {} : { r: [...runs] }),
    ...(primary === undefined ? {} : { s: primary }),
  }
}

/** @returns undefined for whatever is not as it was encoded: then nothing of the user is ours. */
export const decodeMarks = (value: unknown): Marks | undefined => {
  const parsed = written.safeParse(value)
  if (!parsed.success) return undefined
  const { mxid, server, run, a, b, n = [], p, t = [], l = [], u = [], r = [], s } = parsed.data
  const decoded = ([of, number]: z.infer<typeof row>): RowMark => {
    const name = number === undefined ? undefined : r[number]
    return { digest: of, ...(name === undefined ? {} : { run: name }) }
  }
  const marks: Marks = {
    mxid,
    server,
    createdBy: run,
    account: a,
    blocked: b === true,
    attributes: n,
    ...(p === undefined ? {} : { password: decoded(p) }),
    threepids: t.map(decoded),
    links: l.map(decoded),
    underWay: u,
    ...(s === undefined ? {} : { primary: s }),
  }
  return isDeepStrictEqual(encodeMarks(marks), value) ? marks : undefined
}

/** Every run that created something of the user. */
export const runsOf = (marks: Marks): readonly string[] => [...new Set([marks.createdBy, ...laterRuns(marks)])]

const laterRuns = ({ password, threepids, links }: Marks): readonly string[] => [
  ...new Set([...(password === undefined ? [] : [password]), ...threepids, ...links].flatMap(({ run }) => run ?? [])),
]
