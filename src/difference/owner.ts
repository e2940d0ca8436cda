import { type RawBuilder, sql } from 'kysely'

/** 64 bits that stand for an account wherever rows of it are looked for: of its mxid, equal on both sides. */
export const ownerHash = (mxid: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`hashtextextended(${mxid}, ${sql.lit(OWNER_SEED)})`

const OWNER_SEED = 3
