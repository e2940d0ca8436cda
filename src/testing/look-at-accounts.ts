import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import { cohortMembers } from '../accounts/decisions/cohort.ts'
import { decisions } from '../accounts/decisions/decisions.ts'
import { predictedRows } from '../accounts/decisions/predicted-rows.ts'
import { cohortNames } from '../mapping/cohorts.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { predictionWords } from '../migration/explain/predictions.ts'
import { readDisplayNames } from '../migration/naming.ts'
import { type OpenSource, withSource } from '../migration/open-source.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { withTarget } from '../migration/runs/ask-database.ts'
import { runFiles } from '../migration/runs/run-folder.ts'
import { run } from '../postgres/statement.ts'
import type { RunDocument } from '../report/documents.ts'
import type { AccountRecord } from '../report/run-record.ts'
import { accountRecordSchema } from '../report/schema/run-record.ts'
import type { MovedAccount, MovedIdentity, Parted } from './moved-account.ts'

/**
 * Looks at every account of the homeserver that has a name, in the order of their names: what was decided, what the run did,
 * what will be different. Everything is read at once: this is for as many accounts as a test has.
 */
export const lookAtAccounts = (request: MigrationRequest, done: RunDocument): Promise<readonly MovedAccount[]> =>
  withTarget(request, (target) =>
    withSource(request, target, async (source) => {
      const decided = decisions(source.relations, source.rules)
      const sync = target.sql?.syncDeletions === undefined ? 'keeps' : 'deletes'
      const rows = await readRows(source, decided, request.mapping)
      const predictions = byOwner(
        await run(
          source.reader,
          predictedRows({ relations: source.relations, rules: source.rules, decisions: decided, sync }),
        ),
        (row) => predictionWords(row).code,
      )
      const records = await readRecords(request.runs ?? '', done.runId)
      const cohorts = await readCohorts(source, request.mapping)
      const accounts = await run<Decided>(
        source.reader,
        sql`WITH ${decided} SELECT mxid, localpart, reason FROM account WHERE mxid IS NOT NULL ORDER BY mxid COLLATE "C"`,
      )
      const named = await namesOf(source, accounts, rows)
      return accounts.map((account) => ({
        ...decisionOf(account, records.get(account.mxid)),
        ...optional('cohort', cohorts.get(account.mxid)),
        ...named(account),
        ...rows.of(account.mxid),
        predictions: [...new Set(predictions.get(account.mxid))].toSorted(),
      }))
    }),
  )

interface Decided {
  readonly mxid: string
  readonly localpart: string
  readonly reason: string | null
}

const optional = <Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): { readonly [Key in Name]?: Value } =>
  (value === undefined || value === null ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }

const byOwner = <Owned extends { readonly mxid: string | null }, Part>(
  rows: readonly Owned[],
  partOf: (row: Owned) => Part,
): ReadonlyMap<string, readonly Part[]> => {
  const owners = new Map<string, Part[]>()
  for (const row of rows) {
    if (row.mxid === null) continue
    const parts = owners.get(row.mxid)
    if (parts === undefined) owners.set(row.mxid, [partOf(row)])
    else parts.push(partOf(row))
  }
  return owners
}

/** Who has no line in the run's folder was plainly created: the target was empty. */
const decisionOf = (
  { mxid, reason }: Decided,
  record: AccountRecord | undefined,
): Pick<MovedAccount, 'mxid' | 'decision' | 'reason' | 'outcome' | 'message'> => ({
  mxid,
  decision: reason === null ? 'migrate' : 'hold back',
  ...optional('reason', reason ?? record?.reason),
  outcome: record?.outcome ?? (reason === null ? 'created' : 'held back'),
  ...optional('message', record?.message),
})

const readRecords = async (runs: string, runId: string): Promise<ReadonlyMap<string, AccountRecord>> => {
  const records = new Map<string, AccountRecord>()
  const input = createReadStream(runFiles(runs, runId).accounts)
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue
    const record = accountRecordSchema.parse(JSON.parse(line))
    if (record.mxid !== null) records.set(record.mxid, record)
  }
  return records
}

const readCohorts = async (
  { reader, relations }: Pick<OpenSource, 'reader' | 'relations'>,
  mapping: Mapping,
): Promise<ReadonlyMap<string, string>> => {
  const names = cohortNames(mapping)
  if (names.length === 0) return new Map()
  const members = await run<{ mxid: string; cohort: number }>(
    reader,
    sql`SELECT mxid, cohort FROM (${cohortMembers(mapping.cohorts, relations)}) x`,
  )
  return new Map(members.map(({ mxid, cohort }) => [mxid, names[cohort] ?? '']))
}

type Names = Pick<MovedAccount, 'username' | 'primaryEmail' | 'attributes'>

const namesOf = async (
  { reader, relations, naming }: OpenSource,
  accounts: readonly Decided[],
  rows: Rows,
): Promise<(account: Decided) => Names> => {
  const displayNames =
    naming?.asksDisplayNames === true
      ? await readDisplayNames(
          reader,
          relations,
          accounts.map(({ localpart }) => localpart),
        )
      : undefined
  return ({ mxid, localpart, reason }) => {
    if (reason !== null) return {}
    const shaped = naming?.shape({ mxid, localpart, threepids: rows.threepids(mxid) }, displayNames?.get(localpart))
    return {
      username: shaped?.username ?? localpart,
      ...optional('primaryEmail', shaped?.primaryEmail),
      ...optional('attributes', shaped?.attributes),
    }
  }
}

interface Row {
  readonly mxid: string | null
  readonly reason: string | null
}

interface Threepid extends Row {
  readonly medium: string
  readonly address: string
  readonly addedAt: number
}

interface Rows {
  of(mxid: string): Omit<MovedAccount, 'mxid' | 'decision' | 'outcome' | 'predictions' | keyof Names>
  /** Those that are carried. */
  threepids(mxid: string): readonly Pick<Threepid, 'medium' | 'address' | 'addedAt'>[]
}

const parted = <Each extends Row, Thing>(rows: readonly Each[], what: (row: Each) => Thing): Parted<Thing> => ({
  carried: rows.filter(({ reason }) => reason === null).map(what),
  left: rows.flatMap((row) => (row.reason === null ? [] : [{ what: what(row), reason: row.reason }])),
})

const readRows = async (
  { reader }: Pick<OpenSource, 'reader'>,
  decided: RawBuilder<unknown>,
  { providers }: Pick<Mapping, 'providers'>,
): Promise<Rows> => {
  const passwords = await read<Row>(reader, decided, sql`mxid, reason FROM password`)
  const threepids = await read<Threepid>(
    reader,
    decided,
    sql`mxid, reason, medium, address, added_ms AS "addedAt" FROM threepid ORDER BY added_ms, address COLLATE "C"`,
  )
  const identities = await read<Row & { readonly provider: string; readonly subject: string }>(
    reader,
    decided,
    sql`mxid, reason, auth_provider AS provider, subject FROM external_id ORDER BY auth_provider COLLATE "C", subject COLLATE "C"`,
  )
  const ofDevices = (relation: string): Promise<ReadonlyMap<string, readonly OfDevice[]>> =>
    read(
      reader,
      decided,
      sql`mxid, reason, coalesce(device_id, '') AS device FROM ${sql.id(relation)} ORDER BY device_id COLLATE "C"`,
    )
  const sessions = await ofDevices('session')
  const accessTokens = await ofDevices('access_token')
  const refreshTokens = await ofDevices('refresh_token')
  const identity = ({ provider, subject, reason }: Row & MovedIdentity): MovedIdentity => {
    const renamed = reason === null && Object.hasOwn(providers, provider) ? providers[provider] : undefined
    return { provider: renamed ?? provider, subject }
  }
  const ofMedium = (mxid: string, media: readonly string[]): Parted<string> =>
    parted(threepids.get(mxid)?.filter(({ medium }) => media.includes(medium)) ?? [], ({ address }) => address)
  const device = ({ device: id }: OfDevice): string => id
  return {
    of: (mxid) => ({
      password: passwordOf(passwords.get(mxid)?.[0]),
      emails: ofMedium(mxid, ['email', 'email_old']),
      phones: ofMedium(mxid, ['msisdn']),
      identities: parted(identities.get(mxid) ?? [], identity),
      devices: parted(sessions.get(mxid) ?? [], device),
      accessTokens: parted(accessTokens.get(mxid) ?? [], device),
      refreshTokens: parted(refreshTokens.get(mxid) ?? [], device),
    }),
    threepids: (mxid) => threepids.get(mxid)?.filter(({ reason }) => reason === null) ?? [],
  }
}

interface OfDevice extends Row {
  readonly device: string
}

const read = async <Each extends Row>(
  reader: Client,
  decided: RawBuilder<unknown>,
  select: RawBuilder<unknown>,
): Promise<ReadonlyMap<string, readonly Each[]>> =>
  byOwner(await run<Each>(reader, sql<Each>`WITH ${decided} SELECT ${select}`), (row) => row)

const passwordOf = (row: Row | undefined): MovedAccount['password'] => {
  if (row === undefined) return 'none'
  return row.reason === null ? 'carried' : 'left'
}
