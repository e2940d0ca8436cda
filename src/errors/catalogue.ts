import { EXIT, type ExitCode } from './exit-codes.ts'

/** Every error that syn2op raises on purpose: its code, the exit code it ends with, and what it means. */
export const ERRORS = {
  'usage': { exit: EXIT.usage, title: 'The command line cannot be understood' },
  'usage.password-in-flag': { exit: EXIT.usage, title: 'A flag carries a password' },
  'usage.confirmation-needed': { exit: EXIT.usage, title: 'A question cannot be asked without a terminal' },
  'config.invalid': { exit: EXIT.usage, title: 'A configuration file is wrong' },
  'config.unreadable': { exit: EXIT.usage, title: 'A configuration file cannot be read' },
  'config.unsupported': { exit: EXIT.usage, title: 'A setting asks for something syn2op does not do' },
  'mapping.invalid': { exit: EXIT.usage, title: 'The mapping file is wrong' },
  'database.unreachable': { exit: EXIT.unavailable, title: 'A database does not answer' },
  'database.refused': { exit: EXIT.notAllowed, title: 'A database refuses the login' },
  'database.untrusted': {
    exit: EXIT.notAllowed,
    title: 'No connection to a database can be made that its TLS settings allow',
  },
  'database.not-allowed': { exit: EXIT.notAllowed, title: 'A database role lacks a privilege' },
  'database.failed': { exit: EXIT.unavailable, title: 'A database failed while it worked for us' },
  'check.errors': { exit: EXIT.checkErrors, title: 'The check found errors' },
  'check.warnings': { exit: EXIT.checkWarnings, title: 'The check found warnings that nobody acknowledged' },
  'target.missing': { exit: EXIT.usage, title: 'There is no such target' },
  'target.invalid': { exit: EXIT.usage, title: 'A target of somebody else does not keep to the interface' },
  'server.unreachable': { exit: EXIT.unavailable, title: 'A homeserver or a provider does not answer' },
  'target.locked': { exit: EXIT.unavailable, title: 'Another run holds the target' },
  'target.not-restored': {
    exit: EXIT.unexpected,
    title: 'The target could not be brought back to its state before the run',
  },
  'run.interrupted': { exit: EXIT.interrupted, title: 'The run was interrupted' },
  'run.not-possible': { exit: EXIT.usage, title: 'The target is in no state for this kind of run' },
  'run.other-seed': { exit: EXIT.usage, title: 'The target was filled under another encryption secret' },
  'run.other-server': { exit: EXIT.usage, title: 'The target was filled from another homeserver' },
  'run.other-format': { exit: EXIT.usage, title: 'The target was filled by another version of syn2op' },
  'replica.position-needed': { exit: EXIT.usage, title: 'How far a replica must have followed is not known' },
  'replica.other-server': { exit: EXIT.usage, title: 'A replica follows another server than Synapse writes to' },
  'replica.conflict': { exit: EXIT.unavailable, title: 'A replica ended a statement in favour of its primary' },
  'replica.behind': { exit: EXIT.unavailable, title: 'A replica has not replayed what the final run needs' },
  'run.missing': { exit: EXIT.usage, title: 'There is no such run' },
  'run.unwritable': { exit: EXIT.unexpected, title: "A run's folder cannot be written" },
  'run.unreadable': { exit: EXIT.unexpected, title: "A run's folder cannot be read" },
  'report.unwritable': { exit: EXIT.unexpected, title: 'A report cannot be written' },
  'verify.differences': { exit: EXIT.verifyDifferences, title: 'The target differs from the source' },
  'verify.not-comparable': { exit: EXIT.unexpected, title: 'Source and target cannot be compared by hashes' },
  'rehearsal.no-backend': { exit: EXIT.usage, title: 'No database can be started here' },
  'internal': { exit: EXIT.unexpected, title: 'syn2op itself is wrong' },
} as const satisfies Record<string, { readonly exit: ExitCode; readonly title: string }>

export type ErrorCode = keyof typeof ERRORS
