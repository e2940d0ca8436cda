/**
 * For whoever writes a target: the interface, the suite that a target passes, and a target in memory to read. For whoever has a mapping
 * of their own: rehearsals to hold it against. Nothing here needs a test runner, and nothing is loaded before it is used.
 */
export type { AccessToken, Account, Identity, RefreshToken, Session, Threepid } from './accounts/account.ts'
export type { Relation } from './accounts/relations.ts'
export { Syn2opError } from './errors/syn2op-error.ts'
export type { Finding } from './findings/finding.ts'
export type {
  Moment,
  ProviderName,
  SyntheticBridge,
  SyntheticDeactivated,
  SyntheticDescription,
  SyntheticDevice,
  SyntheticGhost,
  SyntheticGuest,
  SyntheticHomeserver,
  SyntheticIdentity,
  SyntheticPerson,
  SyntheticProvider,
  SyntheticUser,
} from './rehearsal/synthetic/people.ts'
export type { RehearsalDocument } from './report/documents.ts'
export type { AccountDecision, Batch, DecidedSource } from './targets/batch.ts'
export {
  type AccountChange,
  type ChangeKind,
  type Changes,
  CONFLICTS,
  type ConflictCode,
  type Outcome,
  type OutcomeKind,
  type RowChanges,
} from './targets/changes.ts'
export {
  type BatchContent,
  type CaseResult,
  type ConformanceHarness,
  type ConformanceReport,
  conformance,
  type ForeignPeople,
  type PersonalChange,
  runConformance,
  type TestFunctions,
} from './targets/conformance.ts'
export { type MemoryTargetOptions, memoryTarget } from './targets/memory/memory-target.ts'
export { addForeign, allRows, changeAsPerson, type MemoryPeople, memoryPeople } from './targets/memory/people.ts'
export type {
  FollowedRules,
  LoginResult,
  RunIdentity,
  RunToTakeBack,
  Stoppable,
  Target,
  TargetCheck,
  TargetProvider,
} from './targets/target.ts'
export type { TargetDefinition, TargetOptions } from './targets/target-definition.ts'
export type { MovedAccount, MovedIdentity, Parted } from './testing/moved-account.ts'
export type { File, RehearsalBackends, RehearsalOptions } from './testing/options.ts'
export type { RehearsalResult } from './testing/rehearsal-result.ts'
export { openRehearsals, type Rehearsals, type RehearsalsOptions } from './testing/rehearsals.ts'
export { rehearse } from './testing/rehearse.ts'
export { syntheticHomeserver } from './testing/synthetic-homeserver.ts'
