import { DatabaseSync } from 'node:sqlite'
import type { DigestedAccount } from '../../accounts/decisions/account-digests.ts'
import type { FrozenCohorts } from '../../accounts/decisions/frozen-cohorts.ts'
import type { ReasonCode } from '../../accounts/reasons.ts'
import type { AccountDecision } from '../../targets/batch.ts'
import type { Outcome } from '../../targets/changes.ts'
import { adoptOutcomes } from './adopt-outcomes.ts'
import { journalFailure, tellingErrors } from './journal-errors.ts'
import { type JournalHead, toHead } from './journal-head.ts'
import { type CohortOfRun, countMembers, enterCohorts, enterMembers, goneFrom } from './journal-members.ts'
import { JOURNAL_TABLES } from './journal-schema.ts'
import { settleKnown } from './settle-known.ts'

export type { JournalHead } from './journal-head.ts'

/** The run's file: intent before a request, outcome after it. */
export interface SlowJournal {
  head(): JournalHead | undefined
  write(head: JournalHead): void
  /** Before anybody is decided about: the cohorts in order, and who was in which as it was frozen. */
  freeze(names: readonly string[], earlier: FrozenCohorts | undefined): void
  /** Enters everybody into their cohorts, and the accounts of one cohort, or all, to be done. */
  decide(accounts: readonly DigestedAccount[], only?: CohortOfRun): void
  /** Takes the outcomes of a run that did not end, but for what later rollbacks took back. */
  adopt(file: string, rollbacks: readonly string[]): void
  /** Enters as ended whoever is as the newest of these runs left him; the oldest first. */
  settle(files: readonly string[]): void
  /** Enters as gone whom earlier runs left at the target and the source has no more: of one cohort, or all. */
  enterGone(names: Iterable<string>, only?: CohortOfRun): void
  /** How many accounts of each cohort the source has, by the position of the cohort. */
  countMembers(): ReadonlyMap<number, number>
  /** The next accounts whose outcome is not known, after a position. */
  left(after: number, limit: number): readonly LeftAccount[]
  countLeft(): number
  /** @returns those about whom no request of this run had been begun before. */
  intend(accounts: readonly AccountDecision[]): ReadonlySet<string>
  /** Takes back the intent of whom nothing was sent about after all. */
  spare(names: readonly string[]): void
  report(outcomes: readonly Outcome[]): void
  /** Every outcome, one account at a time. */
  outcomes(): Iterable<RecordedOutcome>
  close(): void
}

export interface LeftAccount {
  readonly position: number
  readonly decision: AccountDecision
}

export interface RecordedOutcome {
  readonly outcome: Outcome['outcome'] | null
  readonly rows: Outcome['rows']
}

/** @throws Syn2opError run.unwritable, as its methods do, where the file or its disk fails. */
export const openJournal = (file: string): SlowJournal => {
  try {
    return tellingErrors(file, journalIn(file))
  } catch (error) {
    throw journalFailure(file, error)
  }
}

const journalIn = (file: string): SlowJournal => {
  const db = new DatabaseSync(file)
  db.exec(JOURNAL_TABLES)
  const transaction = <Item>(items: readonly Item[], statement: string, values: (item: Item) => readonly Value[]) => {
    const prepared = db.prepare(statement)
    db.exec('BEGIN')
    try {
      for (const item of items) prepared.run(...values(item))
      db.exec('COMMIT')
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
  const now = (): string => new Date().toISOString()

  return {
    head: () => toHead(db.prepare('SELECT name, value FROM run').all()),

    write(head) {
      transaction(Object.entries(head), 'INSERT OR REPLACE INTO run VALUES (?, ?)', ([name, value]) => [
        name,
        String(value),
      ])
    },

    freeze: (names, earlier) => enterCohorts(db, names, earlier),

    decide(accounts, only) {
      enterMembers(db, accounts)
      transaction(
        only === undefined ? accounts : accounts.filter(({ cohort }) => (cohort ?? only.rest) === only.cohort),
        `INSERT INTO account (mxid, username, decision, reason, digest, outcome, outcome_reason, rows)
         VALUES (?, ?, ?, ?, ?, ?, ?, '[]')`,
        ({ mxid, localpart, reason, digest }) => [
          mxid,
          reason === null ? localpart : null,
          reason === null ? 'migrate' : 'hold back',
          reason,
          digest,
          mxid === null ? 'held back' : null,
          mxid === null ? reason : null,
        ],
      )
    },

    adopt: (other, rollbacks) => adoptOutcomes(db, other, rollbacks),

    settle: (files) => settleKnown(db, files),

    enterGone(names, only) {
      const isOfRun = only === undefined ? () => true : goneFrom(db, only)
      transaction(
        [...names].filter(isOfRun).toSorted(),
        `INSERT OR IGNORE INTO account (mxid, decision, rows) VALUES (?, 'gone', '[]')`,
        (mxid) => [mxid],
      )
    },

    countMembers: () => countMembers(db),

    left(after, limit) {
      const rows = db
        .prepare(
          `SELECT position, mxid, decision, reason FROM account
           WHERE outcome IS NULL AND position > ? ORDER BY position LIMIT ?`,
        )
        .all(after, limit)
      return rows.map((row) => ({ position: Number(row['position']), decision: toDecision(row) }))
    },

    countLeft: () => Number(db.prepare('SELECT count(*) AS n FROM account WHERE outcome IS NULL').get()?.['n']),

    intend(accounts) {
      const isBegun = db.prepare('SELECT 1 FROM account WHERE mxid = ? AND intended_at IS NOT NULL')
      const untouched = accounts.map(({ mxid }) => mxid).filter((mxid) => isBegun.get(mxid) === undefined)
      transaction(accounts, 'UPDATE account SET intended_at = ?, decision = ?, reason = ? WHERE mxid = ?', (one) => [
        now(),
        one.decision,
        one.decision === 'hold back' ? one.reason : null,
        one.mxid,
      ])
      return new Set(untouched)
    },

    spare: (names) => transaction(names, 'UPDATE account SET intended_at = NULL WHERE mxid = ?', (mxid) => [mxid]),

    report(outcomes) {
      transaction(
        outcomes.filter(({ outcome }) => outcome !== 'not attempted'),
        `UPDATE account SET outcome = ?, outcome_reason = ?, message = ?, rows = ?, ended_at = ? WHERE mxid = ?`,
        ({ mxid, outcome, reason, message, rows }) => [
          outcome,
          reason ?? null,
          message ?? null,
          JSON.stringify(rows),
          now(),
          mxid,
        ],
      )
    },

    *outcomes() {
      for (const row of db.prepare('SELECT outcome, rows FROM account').iterate()) {
        yield {
          outcome: row['outcome'] as RecordedOutcome['outcome'],
          rows: JSON.parse(String(row['rows'])) as RecordedOutcome['rows'],
        }
      }
    },

    close: () => db.close(),
  }
}

type Value = string | number | null

const toDecision = (row: Readonly<Record<string, unknown>>): AccountDecision => {
  const mxid = String(row['mxid'])
  const decision = row['decision']
  if (decision === 'hold back') return { mxid, decision, reason: String(row['reason']) as ReasonCode }
  return { mxid, decision: decision === 'gone' ? 'gone' : 'migrate' }
}
