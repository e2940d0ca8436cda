import { createHash } from 'node:crypto'
import type { Relation } from '../../../src/accounts/relations.ts'
import type { Story } from './load-story.ts'
import type { SourceRecord } from './source-record.ts'
import type { CellSpec, StoryAccount, TextSpec } from './story-schema.ts'

/** One source row of a story with its decision; texts are written out, `$labels` replaced. */
export interface StoryEntry {
  readonly relation: Relation
  readonly account: string | null
  readonly device?: string | null
  readonly token?: string
  readonly medium?: string
  readonly address?: string
  readonly provider?: string
  readonly subject?: string
  readonly reason: string | null
  /** Present where the row is carried. */
  readonly row?: Readonly<Record<string, CellSpec>>
  readonly identifierTime?: number
  /** There is no such row in the source: its account is absent, or it is the session that a deviceless token makes. */
  readonly made?: 'absent' | 'from-token'
}

/** The incompressible text of a given length: base64 of sha256('1'), sha256('2'), … one after the other. */
const sha256Text = (length: number): string => {
  let text = ''
  for (let n = 1; text.length < length; n++) text += createHash('sha256').update(String(n)).digest('base64')
  return text.slice(0, length)
}

/** `$name.part`; no password hash looks like that. */
const LABEL = /^\$[a-z_]+(\.[a-z_]+)+$/

/** The text of a spec; without labels, `$name.part` stands for itself. */
export const writtenOut = (spec: TextSpec, labels: SourceRecord['labels'] | undefined): string => {
  if (typeof spec !== 'string') return 'repeat' in spec ? spec.repeat.repeat(spec.times) : sha256Text(spec.sha256_text)
  if (labels === undefined || !LABEL.test(spec)) return spec
  const text = labels[spec.slice(1)]
  if (text === undefined) throw new Error(`The record of the source has no ${spec}`)
  return text
}

interface Fate {
  readonly reason?: string | undefined
  readonly row?: Readonly<Record<string, CellSpec>> | undefined
  readonly identifier_time?: number | undefined
}

const fateOf = ({ reason, row, identifier_time }: Fate): Pick<StoryEntry, 'reason' | 'row' | 'identifierTime'> => ({
  reason: reason ?? null,
  ...(row && { row }),
  ...(identifier_time !== undefined && { identifierTime: identifier_time }),
})

const accountEntry = (given: StoryAccount, account: string | null): StoryEntry => {
  const { identifier_time, ...row } = given.user ?? {}
  return {
    relation: 'account',
    account,
    ...fateOf({ reason: given.reason, identifier_time, row: given.user && row }),
    ...(given.decision === 'absent' && { made: 'absent' }),
  }
}

const entriesOf = (given: StoryAccount, labels: SourceRecord['labels'] | undefined): readonly StoryEntry[] => {
  const text = (spec: TextSpec): string => writtenOut(spec, labels)
  const textOrNull = (spec: TextSpec | null): string | null => (spec === null ? null : text(spec))
  const account = textOrNull(given.account)
  return [
    accountEntry(given, account),
    ...(given.password ? [{ relation: 'password' as const, account, ...fateOf(given.password) }] : []),
    ...given.threepids.map((one) => ({
      relation: 'threepid' as const,
      account,
      medium: one.medium,
      address: text(one.address),
      ...fateOf(one),
    })),
    ...given.external_ids.map((one) => ({
      relation: 'external_id' as const,
      account,
      provider: one.provider,
      subject: text(one.subject),
      ...fateOf(one),
    })),
    ...given.sessions.map((one) => ({
      relation: 'session' as const,
      account,
      device: textOrNull(one.device),
      ...(one.token !== undefined && { token: text(one.token), made: 'from-token' as const }),
      ...fateOf(one),
    })),
    ...(['access_token', 'refresh_token'] as const).flatMap((relation) =>
      given[`${relation}s`].map((one) => ({
        relation,
        account,
        device: textOrNull(one.device),
        token: text(one.token),
        ...fateOf(one),
      })),
    ),
  ]
}

/** Every row of the story, in its order. Throws where the record lacks a `$label`; without a record, labels stay. */
export const storyEntries = (story: Story, record?: SourceRecord): readonly StoryEntry[] =>
  story.accounts.flatMap((account) => entriesOf(account, record?.labels))

const quoted = (text: string | null | undefined): string =>
  text && text.length > 60 ? `${JSON.stringify(text.slice(0, 40))}… (${text.length})` : JSON.stringify(text ?? null)

/** The natural key of a source row, in words. */
export const entryName = (entry: StoryEntry): string => {
  const parts = [entry.account, entry.medium, entry.address, entry.provider, entry.subject, entry.device, entry.token]
  return `${entry.relation} ${parts
    .filter((part) => part !== undefined)
    .map(quoted)
    .join(' ')}`
}
