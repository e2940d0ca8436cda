import type { Relation } from '../../../src/accounts/relations.ts'
import { entryName, storyEntries } from './entries.ts'
import type { Story } from './load-story.ts'
import type { SourceRecord, SourceRow } from './source-record.ts'

const text = (value: SourceRow[string] | undefined): string => String(value ?? '')
const textOrNull = (value: SourceRow[string] | undefined): string | null => (value == null ? null : String(value))

/** The names, as `entryName` gives them, of every row of the source that needs a decision. */
const sourceNames = ({ tables }: SourceRecord): readonly string[] => {
  const ofUser = (relation: Relation, row: SourceRow) => ({
    relation,
    account: textOrNull(row['user_id']),
    reason: null,
  })
  return [
    ...tables.users.map((row) => ({ relation: 'account' as const, account: textOrNull(row['name']), reason: null })),
    ...tables.users
      .filter((row) => text(row['password_hash']) !== '')
      .map((row) => ({ relation: 'password' as const, account: textOrNull(row['name']), reason: null })),
    ...tables.user_threepids.map((row) => ({
      ...ofUser('threepid', row),
      medium: text(row['medium']),
      address: text(row['address']),
    })),
    ...tables.user_external_ids.map((row) => ({
      ...ofUser('external_id', row),
      provider: text(row['auth_provider']),
      subject: text(row['external_id']),
    })),
    ...tables.devices.map((row) => ({ ...ofUser('session', row), device: textOrNull(row['device_id']) })),
    ...(['access_token', 'refresh_token'] as const).flatMap((relation) =>
      tables[`${relation}s`].map((row) => ({
        ...ofUser(relation, row),
        device: textOrNull(row['device_id']),
        token: text(row['token']),
      })),
    ),
  ].map(entryName)
}

/** Whether a story tells of every row of its source, and only of those: one line for each that it does not. */
export const compareSource = (story: Story, record: SourceRecord): readonly string[] => {
  const told = storyEntries(story, record)
    .filter(({ made }) => made === undefined)
    .map(entryName)
  const present = new Set(sourceNames(record))
  const known = new Set(told)
  return [
    ...told.filter((name) => !present.has(name)).map((name) => `${name}: not in the source`),
    ...[...present].filter((name) => !known.has(name)).map((name) => `${name}: in the source, not in the story`),
    ...told.filter((name, index) => told.indexOf(name) !== index).map((name) => `${name}: told twice`),
  ]
}
