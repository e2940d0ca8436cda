import { type RawBuilder, sql } from 'kysely'
import type { Relations } from '../../synapse/relations.ts'
import { when } from './account.ts'
import { ownerCases, tooLongForIndex } from './owner.ts'
import { clampMs } from './time.ts'

/** Every e-mail and phone: mxid, medium, address, added_ms, owner_ms (the account's creation), reason. */
export const decidedThreepid = (relations: Relations): RawBuilder<unknown> => sql`
  SELECT
    t.user_id AS mxid,
    t.medium,
    t.address,
    ${clampMs(sql`t.added_at`)} AS added_ms,
    CASE
      ${ownerCases}
      ${when(sql`t.medium = 'email_old'`, 'email_old')}
      ${when(tooLongForIndex(sql`t.address`), 'too_long_for_index')}
    END AS reason,
    a.owner_ms
  FROM ${relations.threepids} t
  LEFT JOIN account a ON a.mxid = t.user_id
`
