import { sql } from 'kysely'
import type { Client } from 'pg'
import { ownerHash } from '../../difference/owner.ts'
import { run } from '../../postgres/statement.ts'
import type { DecidedOutcome } from '../../report/plan-parts.ts'
import { CONFLICTS, type Outcome } from '../../targets/changes.ts'
import type { Groups } from './compare-groups.ts'
import { ownersOfBytes, packOwners, unpackOwners } from './pack-owners.ts'

/** What would become of an account at the target: `created`, or what is in its way: `held back: username_taken`. */
export type OutcomeKey = string

export type OutcomeGroups = Groups<OutcomeKey>

/** Who would be created, updated or removed at a target, or is held back there, gathered batch by batch. */
export interface OutcomeCollector {
  /** @param reader any connection to the source that is idle. */
  add(outcomes: readonly Pick<Outcome, 'mxid' | 'outcome' | 'reason'>[], reader: Client): Promise<void>
  groups(): OutcomeGroups
}

const SEPARATOR = ': '

const CHANGES: readonly Outcome['outcome'][] = ['created', 'updated', 'removed']

/** Undefined where nothing is done and nothing is in the way. */
const keyOf = ({ outcome, reason }: Pick<Outcome, 'outcome' | 'reason'>): OutcomeKey | undefined => {
  if (CHANGES.includes(outcome)) return outcome
  const isConflict = outcome === 'held back' && reason !== undefined && Object.hasOwn(CONFLICTS, reason)
  return isConflict ? `${outcome}${SEPARATOR}${reason}` : undefined
}

export const outcomeCollector = (): OutcomeCollector => {
  const parts = new Map<OutcomeKey, BigInt64Array[]>()
  return {
    async add(outcomes, reader) {
      const names = Map.groupBy(outcomes, keyOf)
      for (const [key, some] of names) {
        if (key === undefined) continue
        const mxids = some.map(({ mxid }) => mxid)
        const owners = await ownersNamed(mxids, reader)
        // Only now: batches come side by side.
        parts.set(key, [...(parts.get(key) ?? []), owners])
      }
    },
    groups: () => new Map([...parts].map(([key, some]) => [key, sorted(some)])),
  }
}

const ownersNamed = async (mxids: readonly string[], reader: Client): Promise<BigInt64Array> => {
  const [row] = await run<{ owners: Buffer }>(
    reader,
    sql`SELECT string_agg(int8send(${ownerHash(sql`mxid`)}), ''::bytea) AS owners FROM unnest(${[...mxids]}::text[]) mxid`,
  )
  return ownersOfBytes(row?.owners ?? Buffer.alloc(0))
}

const sorted = (parts: readonly BigInt64Array[]): BigInt64Array => {
  const all = new BigInt64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all.toSorted()
}

export const packOutcomes = (groups: OutcomeGroups): readonly DecidedOutcome[] =>
  [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, owners]) => ({ ...partsOf(key), count: owners.length, owners: packOwners(owners) }))

const partsOf = (key: OutcomeKey): Pick<DecidedOutcome, 'outcome' | 'reason'> => {
  const [outcome = '', reason] = key.split(SEPARATOR)
  // Only keys of `keyOf` are packed.
  return { outcome: outcome as DecidedOutcome['outcome'], ...(reason === undefined ? {} : { reason }) }
}

/** @throws Syn2opError plan.unreadable */
export const unpackOutcomes = (outcomes: readonly DecidedOutcome[]): OutcomeGroups =>
  new Map(
    outcomes.map(({ outcome, reason, ...packed }) => [
      reason === undefined ? outcome : `${outcome}${SEPARATOR}${reason}`,
      unpackOwners(packed),
    ]),
  )
