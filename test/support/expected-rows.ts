/** The stories of what must become of a source's rows, and comparisons of them with what really did. */
export { compareDecisions, compareRows, type DecidedRow, storyCounts } from './expected-rows/compare.ts'
export { damageStatements, loadStory, type Story } from './expected-rows/load-story.ts'
export { readMasRows } from './expected-rows/read-mas-rows.ts'
export { emptySourceRecord, readSourceRecord, type SourceRecord } from './expected-rows/source-record.ts'
export { compareSource } from './expected-rows/source-rows.ts'
export { type MasRow, type MasRows, wantedRows } from './expected-rows/wanted-rows.ts'
