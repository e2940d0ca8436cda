import { DatabaseSync } from 'node:sqlite'
import type { DigestedAccount } from '../../accounts/decisions/account-digests.ts'
import type { FrozenCohorts } from '../../accounts/decisions/frozen-cohorts.ts'

/** Who is in which cohort, as it was frozen; no rows where there are no cohorts. */
export const MEMBER_TABLES = `
  CREATE TABLE IF NOT EXISTS cohort (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
  );

  CREATE TABLE IF NOT EXISTS member (
    mxid    TEXT PRIMARY KEY,
    cohort  INTEGER NOT NULL,
    present INTEGER NOT NULL     -- 0: known from an earlier run, and not in the source any more
  ) WITHOUT ROWID;
`

/** The only cohort that a run looks at, by its position. */
export interface CohortOfRun {
  readonly cohort: number
  /** Of whoever is in no other. */
  readonly rest: number
}

/** Enters everybody of a frozen membership, and what is known of those who left the source. */
export const enterCohorts = (db: DatabaseSync, names: readonly string[], earlier: FrozenCohorts | undefined): void => {
  const cohort = db.prepare('INSERT OR IGNORE INTO cohort VALUES (?, ?)')
  const member = db.prepare('INSERT OR IGNORE INTO member VALUES (?, ?, 0)')
  inTransaction(db, () => {
    for (const [number, name] of names.entries()) cohort.run(number, name)
    for (const [index, mxid] of (earlier?.mxids ?? []).entries()) member.run(mxid, earlier?.cohorts[index] ?? 0)
  })
}

/** Enters who is in the source. Whoever is on record stays where they are; where there are no cohorts, nobody is entered. */
export const enterMembers = (db: DatabaseSync, accounts: readonly Pick<DigestedAccount, 'mxid' | 'cohort'>[]): void => {
  const member = db.prepare('INSERT INTO member VALUES (?, ?, 1) ON CONFLICT (mxid) DO UPDATE SET present = 1')
  inTransaction(db, () => {
    for (const { mxid, cohort } of accounts) if (mxid !== null && cohort !== null) member.run(mxid, cohort)
  })
}

const inTransaction = (db: DatabaseSync, work: () => void): void => {
  db.exec('BEGIN')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    // A full disk ends the transaction by itself.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** @returns undefined where the run's file names no cohorts. */
export const readFrozen = (file: string): FrozenCohorts | undefined => {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const names = db.prepare('SELECT name FROM cohort ORDER BY number').all()
    if (names.length === 0) return undefined
    const members = db.prepare('SELECT mxid, cohort FROM member WHERE cohort < (SELECT max(number) FROM cohort)').all()
    return {
      names: names.map((row) => String(row['name'])),
      mxids: members.map((row) => String(row['mxid'])),
      cohorts: members.map((row) => Number(row['cohort'])),
    }
  } finally {
    db.close()
  }
}

/** How many accounts of each cohort the source has, by the position of the cohort. */
export const countMembers = (db: DatabaseSync): ReadonlyMap<number, number> =>
  new Map(
    db
      .prepare('SELECT cohort, count(*) AS count FROM member WHERE present = 1 GROUP BY cohort')
      .all()
      .map((row) => [Number(row['cohort']), Number(row['count'])]),
  )

/** Whether somebody left the source and was of a cohort. */
export const goneFrom = (db: DatabaseSync, { cohort, rest }: CohortOfRun): ((mxid: string) => boolean) => {
  const find = db.prepare('SELECT cohort, present FROM member WHERE mxid = ?')
  return (mxid) => {
    const known = find.get(mxid)
    return known?.['present'] !== 1 && Number(known?.['cohort'] ?? rest) === cohort
  }
}
