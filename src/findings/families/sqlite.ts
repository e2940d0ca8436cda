import type { FindingEntry } from '../entry.ts'

/** Findings about the file of a homeserver that keeps its data in SQLite. */
export const SQLITE_FINDINGS = {
  SQLITE_VALUES: {
    severity: 'error',
    title: 'The SQLite file holds values that PostgreSQL cannot hold',
    why: 'SQLite lets any cell hold anything: text in a number’s place, bytes that are no UTF-8. A decision or a row that is carried hangs on these, so that nobody can say what they should become.',
    remedy: 'Correct the values in the file, with Synapse stopped and a copy put away.',
    kind: 'data',
    names: 'things',
  },
  SQLITE_VALUES_LEFT: {
    severity: 'warning',
    title: 'The SQLite file holds values that are left empty',
    why: 'PostgreSQL cannot hold them. They only adorn a row, which is carried without them, as a device without its name; or nothing but findings reads them, which count as if they were empty.',
    remedy: 'Accept it, or correct the values in the file with Synapse stopped.',
    kind: 'data',
    names: 'things',
  },
  SQLITE_UNWATCHED: {
    severity: 'warning',
    title: 'Whether Synapse is stopped cannot be seen',
    why: 'The SQLite file keeps no write-ahead log, so that the file itself does not tell whether somebody has it open.',
    remedy: 'Make sure that Synapse is stopped, then accept it.',
    kind: 'operational',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
