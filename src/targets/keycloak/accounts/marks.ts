import { z } from 'zod'
import type { RowMark } from '../../rows/row-mark.ts'

/**
 * What we last wrote of a user, kept in an attribute of it: a digest of each row, so that what has been changed since is told
 * from what is still ours.
 */
export interface Marks {
  readonly mxid: string
  /** The run that created the user. */
  readonly createdBy: string
  /** Of the account's own row, but for whether it may log in. */
  readonly account: string
  readonly enabled: boolean
  /** The names of the mapping's attributes that were written. */
  readonly attributes: readonly string[]
  readonly password?: PasswordMark
  readonly threepids: readonly RowMark[]
  readonly links: readonly LinkMark[]
  /**
   * Digests of links, and of a password, that a run was about to write or to remove when it noted this. Where it died over that,
   * nobody else need have touched those that are absent.
   */
  readonly underWay: readonly string[]
  readonly given: Given
}

/** What a user was given when it was made, and nobody has looked at since. */
export interface Given {
  /** Names of realm roles. */
  readonly roles: readonly string[]
  /** Paths. */
  readonly groups: readonly string[]
}

export interface PasswordMark extends RowMark {
  /** What Keycloak was told as its day of creation, milliseconds since 1970: another one there means another password. */
  readonly date: number
}

export interface LinkMark extends RowMark {
  readonly alias: string
}

/** Far below the 2,048 characters that Keycloak allows a value. */
const LONGEST_VALUE = 1980

/** The number of a part, of how many, and the part: Keycloak does not promise the order of values. */
const PART = /^v1 (\d{1,4})\/(\d{1,4}) (.*)$/su

const digest = z.string().regex(/^[\w-]{22}$/u)
const run = z.int().min(0).optional()
const written = z.strictObject({
  m: z.string(),
  c: z.string(),
  a: digest,
  d: z.literal(true).optional(),
  n: z.array(z.string()).optional(),
  p: z.tuple([digest, z.int(), run]).optional(),
  t: z.array(z.tuple([digest, run])).optional(),
  l: z.array(z.tuple([z.string(), digest, run])).optional(),
  u: z.array(digest).optional(),
  o: z.array(z.string()).optional(),
  g: z.array(z.string()).optional(),
  r: z.array(z.string()).optional(),
})

/** The values of the attribute that holds the marks. */
export const encodeMarks = (marks: Marks): readonly string[] => {
  const { mxid, createdBy, account, enabled, attributes, password, threepids, links, underWay, given } = marks
  const runs = [...new Set(rowMarks(marks).flatMap((row) => row.run ?? []))]
  const numberOf = (row: RowMark): readonly number[] => (row.run === undefined ? [] : [runs.indexOf(row.run)])
  const parts = cut(
    JSON.stringify({
      m: mxid,
      c: createdBy,
      a: account,
      ...(enabled ? {} : { d: true }),
      ...(attributes.length === 0 ? {} : { n: attributes }),
      ...(password === undefined ? {} : { p: [password.digest, password.date, ...numberOf(password)] }),
      ...(threepids.length === 0 ? {} : { t: threepids.map((row) => [row.digest, ...numberOf(row)]) }),
      ...(links.length === 0 ? {} : { l: links.map((row) => [row.alias, row.digest, ...numberOf(row)]) }),
      ...(underWay.length === 0 ? {} : { u: underWay }),
      ...(given.roles.length === 0 ? {} : { o: given.roles }),
      ...(given.groups.length === 0 ? {} : { g: given.groups }),
      ...(runs.length === 0 ? {} : { r: runs }),
    }),
  )
  return parts.map((part, index) => `v1 ${index + 1}/${parts.length} ${part}`)
}

/** @returns undefined for whatever is not, letter by letter, what was encoded: then nothing of the user is ours. */
export const decodeMarks = (values: readonly string[]): Marks | undefined => {
  const parts = values.flatMap((value) => {
    const [, number, count, text] = PART.exec(value) ?? []
    return text === undefined ? [] : [{ number: Number(number), count: Number(count), text }]
  })
  if (parts.length !== values.length) return undefined
  const inOrder = parts.toSorted((a, b) => a.number - b.number)
  if (inOrder.some(({ number, count }, index) => number !== index + 1 || count !== parts.length)) return undefined
  const parsed = written.safeParse(parseJson(inOrder.map(({ text }) => text).join('')))
  return parsed.success ? toMarks(parsed.data) : undefined
}

const toMarks = (values: z.infer<typeof written>): Marks | undefined => {
  const { m, c, a, d, n = [], p, t = [], l = [], u = [], o = [], g = [], r = [] } = values
  const numbers = [p?.[2], ...t.map(([, number]) => number), ...l.map(([, , number]) => number)]
  if (numbers.some((number) => number !== undefined && number >= r.length)) return undefined
  const runOf = (number: number | undefined): Pick<RowMark, 'run'> => {
    const name = number === undefined ? undefined : r[number]
    return name === undefined ? {} : { run: name }
  }
  return {
    mxid: m,
    createdBy: c,
    account: a,
    enabled: d !== true,
    attributes: n,
    ...(p === undefined ? {} : { password: { digest: p[0], date: p[1], ...runOf(p[2]) } }),
    threepids: t.map(([of, number]) => ({ digest: of, ...runOf(number) })),
    links: l.map(([alias, of, number]) => ({ alias, digest: of, ...runOf(number) })),
    underWay: u,
    given: { roles: o, groups: g },
  }
}

/** Every run that created something of the user. */
export const runsOf = (marks: Marks): readonly string[] => [
  ...new Set([marks.createdBy, ...rowMarks(marks).flatMap((row) => row.run ?? [])]),
]

const rowMarks = ({ password, threepids, links }: Marks): readonly RowMark[] => [
  ...(password === undefined ? [] : [password]),
  ...threepids,
  ...links,
]

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In pieces that part no character. */
const cut = (text: string): readonly string[] => {
  const parts: string[] = []
  let rest = text
  while (rest.length > LONGEST_VALUE) {
    const end = (rest.codePointAt(LONGEST_VALUE - 1) ?? 0) > 0xff_ff ? LONGEST_VALUE - 1 : LONGEST_VALUE
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...parts, rest]
}
