import { Errors } from '@oclif/core'
import { EXIT, type ExitCode } from '../errors/exit-codes.ts'
import { redactUrls } from '../errors/redact-urls.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'

/** All that is ever shown of an error, as text or as JSON. Whatever else an error carries stays inside. */
export interface ErrorView {
  /** A code of the catalogue in src/errors/catalogue.ts. */
  readonly code: string
  readonly message: string
  readonly problems: readonly Problem[]
  readonly next: readonly string[]
  readonly exitCode: ExitCode
}

export interface ErrorContext {
  /** The command line up to the command, such as `syn2op plan`. */
  readonly command: string
  /** Whether the run was asked to stop. */
  readonly stopped: boolean
}

const viewOf = (error: Syn2opError): ErrorView => ({
  code: error.code,
  message: redactUrls(error.message),
  problems: error.problems,
  next: error.next,
  exitCode: error.exitCode,
})

/** The code that Node's own errors (`ENOENT`) and a database driver's (SQLSTATE) carry. */
const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

/** Whether a database driver threw it: five letters and digits of an SQLSTATE, and a severity. */
const sqlStateOf = (error: unknown): string | undefined => {
  const code = codeOf(error)
  return error instanceof Error && 'severity' in error && code !== undefined && /^[0-9A-Z]{5}$/u.test(code)
    ? code
    : undefined
}

/** What an error nobody foresaw may say. */
const describeUnexpected = (error: unknown): string => {
  if (!(error instanceof Error)) return 'Something that is no error was thrown'
  const code = codeOf(error)
  return `${error.name}${code === undefined ? '' : ` ${code}`}: ${redactUrls(error.message)}`
}

/**
 * SQLSTATEs that are of the server's moment: connection, resources, locks, an operator's stop, a time limit, others who
 * write, its system.
 */
const OF_THE_MOMENT = /^(08|25P0[34]|40|53|55|57|58|XX)/u

/** The message of a database driver can quote a row's value, so that of it only the SQLSTATE is told. */
const databaseView = (state: string): ErrorView => {
  const message = `A database refused a statement (SQLSTATE ${state})`
  if (state === '42501') {
    return viewOf(
      new Syn2opError('database.not-allowed', message, {
        next: ["Its server's log names the table and the role; docs/how-to/synapse-to-mas.md lists the privileges."],
      }),
    )
  }
  if (OF_THE_MOMENT.test(state)) {
    return viewOf(new Syn2opError('database.failed', message, { next: ["See the server's log, then try again."] }))
  }
  return { ...unexpectedView(undefined), message }
}

const unexpectedView = (error: unknown): ErrorView => ({
  code: 'internal',
  message: describeUnexpected(error),
  problems: [],
  next: ['Run again with --log-level debug to see where it happened, and report it with that output.'],
  exitCode: EXIT.unexpected,
})

/** oclif says it at length. */
const listNeeded = (_: string, flag: string, needed: string): string =>
  `${flag} needs ${needed.split(', ').join(' and ')}`

/** What oclif says of its integers, with the value, which is left out. */
const wholeNumber = (_: string, flag: string, comparison: string | undefined, bound: string): string => {
  const bounds = comparison === undefined ? '' : `, ${bound} or ${comparison === 'greater' ? 'more' : 'less'}`
  return `${flag} needs a whole number${bounds}`
}

/** Of the command line: oclif's own kinds of it, and its plain errors, which the parser throws and nothing else. */
const isUsage = (error: unknown): error is Error =>
  error instanceof Errors.CLIError && ('parse' in error || error.constructor === Errors.CLIError)

const usageView = (error: Error, command: string): ErrorView => {
  const [first = '', ...others] = redactUrls(error.message)
    .replace(/\nSee more help with --help$/u, '')
    .replace(/^The following error occurred:\n\s*/u, '')
    .replace(
      /^Parsing (\S+)\s*\n\s*Expected an integer(?: (greater|less) than or equal to (-?\d+))? but .*$/su,
      wholeNumber,
    )
    .split('\n')
  return {
    code: 'usage',
    message: first
      .replace(/^Nonexistent flag/u, 'Unknown flag')
      .replace(/^All of the following must be provided when using (\S+): (.*)$/u, listNeeded),
    problems: others
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((message) => ({ message })),
    next: [`${command} --help`],
    exitCode: EXIT.usage,
  }
}

/** Turns whatever was thrown into what a person may see of it. */
export const viewError = (error: unknown, context: ErrorContext): ErrorView => {
  if (error instanceof Syn2opError) return viewOf(error)
  if (context.stopped) return viewOf(interrupted())
  if (isUsage(error)) return usageView(error, context.command)
  const state = sqlStateOf(error)
  return state === undefined ? unexpectedView(error) : databaseView(state)
}

/** The error of a run that was asked to stop and did. */
export const interrupted = (): Syn2opError =>
  new Syn2opError('run.interrupted', 'Stopped, as asked', {
    next: ['To go on, start the same command again; it begins from the start.'],
  })

/** Where an error was thrown, its causes included: frames only, since messages may hold secrets. */
export const framesOf = (error: unknown): string => {
  const parts: string[] = []
  for (let current = error; current instanceof Error && parts.length < 5; current = current.cause) {
    const frames = (current.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line))
    parts.push([`${current.name}${codeOf(current) === undefined ? '' : ` ${codeOf(current)}`}`, ...frames].join('\n'))
  }
  return parts.join('\ncaused by ')
}
