import { z } from 'zod'
import { REASONS } from '../../../src/accounts/reasons.ts'

/** A text, written out, or said by a rule when it is too long to read. */
export const textSpec = z.union([
  z.string(),
  z.strictObject({ repeat: z.string().min(1), times: z.int().positive() }),
  z.strictObject({ sha256_text: z.int().positive() }),
])

/** A value that is known when the source is: a column of the entry's own source row, or of the tokens in `of`. */
export const sourceReference = z.strictObject({
  source: z.templateLiteral([z.string(), '.', z.string()]),
  unit: z.enum(['s', 'ms']).optional(),
  of: z.array(z.string().startsWith('$')).nonempty().optional(),
})

const sameAsUser = z.strictObject({ same_as: z.literal('user') })
export const cellSpec = z.union([z.string(), z.number(), z.boolean(), z.null(), sourceReference, sameAsUser])
const rowSpec = z.record(z.string(), cellSpec)

const reasons = Object.keys(REASONS) as [keyof typeof REASONS]
const accountReasons = reasons.filter((reason) => REASONS[reason].applies === 'account')
const rowReasons = reasons.filter((reason) => REASONS[reason].applies === 'row')

const fate = {
  fact: z.string().optional(),
  decision: z.enum(['carry', 'leave']),
  reason: z.enum(rowReasons).optional(),
  row: rowSpec.optional(),
  identifier_time: z.int().nonnegative().optional(),
}

interface Fate {
  readonly decision: 'carry' | 'leave'
  readonly reason?: unknown
  readonly row?: unknown
}

const isDecided = ({ decision, reason, row }: Fate): boolean =>
  decision === 'carry' ? row !== undefined && reason === undefined : reason !== undefined && row === undefined
const undecided = { error: 'A row that is carried has `row`, one that is left has `reason`' }

const threepid = z.strictObject({ medium: z.string(), address: textSpec, ...fate }).refine(isDecided, undecided)
const externalId = z.strictObject({ provider: z.string(), subject: textSpec, ...fate }).refine(isDecided, undecided)
const session = z
  .strictObject({ device: textSpec.nullable(), token: textSpec.optional(), ...fate })
  .refine(isDecided, undecided)
  .refine(({ device, token }) => (device === null) === (token !== undefined), 'Only a session of no device has a token')
const token = z.strictObject({ token: textSpec, device: textSpec.nullable(), ...fate }).refine(isDecided, undecided)

const userRow = rowSpec.and(z.object({ username: z.string(), identifier_time: z.int().nonnegative().optional() }))

const account = z
  .strictObject({
    account: z.string().nullable(),
    what: z.string().optional(),
    decision: z.enum(['migrate', 'hold_back', 'absent']),
    reason: z.enum(accountReasons).optional(),
    fact: z.string(),
    user: userRow.optional(),
    password: z.strictObject(fate).refine(isDecided, undecided).optional(),
    threepids: z.array(threepid).default([]),
    external_ids: z.array(externalId).default([]),
    sessions: z.array(session).default([]),
    access_tokens: z.array(token).default([]),
    refresh_tokens: z.array(token).default([]),
  })
  .refine(({ decision, user }) => (decision === 'migrate') === (user !== undefined), 'Who migrates has `user`')
  .refine(
    ({ decision, reason }) => (decision === 'hold_back') === (reason !== undefined),
    'Who is held back has `reason`',
  )

export const chapterSchema = z.array(account)

export const MAS_WRITTEN_TABLES = [
  'users',
  'user_passwords',
  'user_emails',
  'user_unsupported_third_party_ids',
  'upstream_oauth_links',
  'compat_sessions',
  'compat_access_tokens',
  'compat_refresh_tokens',
] as const
export const masTable = z.enum(MAS_WRITTEN_TABLES)

export const tablesSchema = z.record(
  masTable,
  z.strictObject({
    fact: z.string(),
    identifier_time: z.literal('created_at').nullable(),
    copied: z.record(z.string(), z.enum(['address', 'medium', 'subject', 'device', 'token'])),
    otherwise: rowSpec,
  }),
)

const accountRule = z.enum(['migrate', 'hold_back'])

export const headerSchema = z.strictObject({
  story: z.string(),
  server_name: z.string(),
  as_of: z.union([z.iso.datetime({ precision: 3 }), z.literal('now')]),
  mapping: z.strictObject({
    guests: accountRule,
    deactivated: accountRule,
    locked: accountRule,
    withoutLogin: accountRule,
    ghosts: z.array(z.string()),
    providers: z.record(z.string(), z.string()),
  }),
  /** The MAS providers: synapse_idp_id to the ULID of its configuration. */
  providers: z.record(z.string(), z.string().length(26)),
  otherwise: z.partialRecord(masTable, rowSpec).default({}),
  chapters: z.array(z.string()).nonempty(),
})

export type MasTable = (typeof MAS_WRITTEN_TABLES)[number]
export type TextSpec = z.infer<typeof textSpec>
export type SourceReference = z.infer<typeof sourceReference>
export type CellSpec = z.infer<typeof cellSpec>
export type StoryAccount = z.infer<typeof account>
export type StoryTables = z.infer<typeof tablesSchema>
export type StoryHeader = z.infer<typeof headerSchema>
