/** What must become of a source, computed in memory: held against what the program's SQL made of it. */
export { countsOf, decide } from './oracle/decide.ts'
export type { OracleRules } from './oracle/rules.ts'
export { wantedOf } from './oracle/wanted.ts'
