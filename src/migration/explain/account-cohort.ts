import { sql } from 'kysely'
import type { Client } from 'pg'
import { cohortMembers } from '../../accounts/decisions/cohort.ts'
import { frozenMembers } from '../../accounts/decisions/frozen-cohorts.ts'
import { cohortNames } from '../../mapping/cohorts.ts'
import { type Mapping, REST } from '../../mapping/mapping.ts'
import { run } from '../../postgres/statement.ts'
import type { ExplanationDocument } from '../../report/explanation.ts'
import type { NamedRule } from '../../report/mapping-documents.ts'
import type { Relations } from '../../synapse/relations.ts'
import type { RoadHistory } from '../../targets/road-history.ts'
import type { Target } from '../../targets/target.ts'
import { namedRule } from '../mapping/named-rule.ts'
import type { MigrationRequest } from '../request.ts'
import { frozenByRuns, knownRuns } from '../slow-road/known-runs.ts'

export interface AccountCohortOptions {
  readonly mxid: string
  readonly target: Target
  readonly history: RoadHistory | undefined
  /** Of this account, or of all of them. */
  readonly relations: Relations
  readonly reader: Client
}

/** In which cohort an account is: as it was frozen, else as the rules would have it; undefined where there are none. */
export const accountCohort = async (
  request: Pick<MigrationRequest, 'mapping' | 'homeserver' | 'runs'>,
  { mxid, target, history, relations, reader }: AccountCohortOptions,
): Promise<ExplanationDocument['cohort']> => {
  if (history?.cohorts !== undefined) {
    const name = await target.sql?.cohortOf?.(mxid)
    return name === undefined ? undefined : { name, frozen: true }
  }
  const frozen = target.sql === undefined ? await frozenInFiles(request, target) : undefined
  const names = frozen?.names ?? cohortNames(request.mapping)
  if (names.length === 0) return undefined
  const members =
    frozen === undefined ? cohortMembers(request.mapping.cohorts, relations) : frozenMembers(frozen, relations)
  const [found] = await run<{ cohort: number }>(reader, sql`SELECT cohort FROM (${members}) x WHERE mxid = ${mxid}`)
  const name = found === undefined ? undefined : names[found.cohort]
  return name === undefined ? undefined : { name, frozen: frozen !== undefined }
}

const frozenInFiles = async (
  request: Pick<MigrationRequest, 'homeserver' | 'runs'>,
  target: Target,
): Promise<ReturnType<typeof frozenByRuns>> => {
  const { location } = await target.describe()
  const head = { serverName: request.homeserver.serverName, target: { location } }
  return frozenByRuns(await knownRuns(request, { target, head }))
}

/** In which cohort the rules have an account, whatever was frozen; undefined where there are none. */
export const cohortByRules = async (
  mapping: Mapping,
  { mxid, relations, reader }: Pick<AccountCohortOptions, 'mxid' | 'relations' | 'reader'>,
): Promise<(NamedRule & { readonly name: string }) | undefined> => {
  const names = cohortNames(mapping)
  if (names.length === 0) return undefined
  const members = cohortMembers(mapping.cohorts, relations)
  const [found] = await run<{ cohort: number }>(reader, sql`SELECT cohort FROM (${members}) x WHERE mxid = ${mxid}`)
  const name = found === undefined ? undefined : names[found.cohort]
  if (name === undefined) return undefined
  const path = name === REST ? ['cohorts'] : ['cohorts', String(found?.cohort)]
  return { name, ...namedRule(mapping, ...path) }
}
