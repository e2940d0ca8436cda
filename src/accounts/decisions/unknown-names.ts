import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { localpartOf, textArray } from './cohort.ts'

/** Names of a cohort's list that no account has, and the first of them. */
export const unknownNames = (
  names: readonly string[],
  { users }: Relations,
): RawBuilder<{ count: number; samples: readonly string[] }> => sql`
  SELECT count(*)::double precision AS count, coalesce((array_agg(name ORDER BY name COLLATE "C"))[1:${sql.lit(SAMPLES)}], '{}') AS samples
  FROM unnest(${textArray(names)}) listed (name)
  WHERE NOT EXISTS (SELECT FROM ${users} u WHERE u.name = listed.name)
    AND NOT EXISTS (SELECT FROM ${users} u WHERE ${localpartOf(sql`u.name`)} = listed.name)
`

const SAMPLES = 3
