import { Flags, Parser } from '@oclif/core'
import { expect, test } from 'vitest'
import { renderError } from '../../../src/cli/error-text.ts'
import { framesOf, viewError } from '../../../src/cli/error-view.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { createPaint } from '../../../src/terminal/colour.ts'

const context = { command: 'syn2op plan', stopped: false }
const plain = createPaint('off')

/** As node-postgres throws it: what it quotes of the row is a secret of somebody. */
const driverError = Object.assign(new Error('invalid input syntax for type uuid: "$2b$12$hash"'), {
  code: '22P02',
  severity: 'ERROR',
  detail: 'Failing row contains (alice, $2b$12$hash)',
  where: 'COPY syn2op, line 1: "$2b$12$hash"',
})

test('an error of ours is shown with every problem, its place, and what to do next', () => {
  const error = new Syn2opError('config.invalid', '2 settings are wrong', {
    problems: [
      { message: '`mappin` is no setting', at: { file: 'syn2op.yaml', line: 3, column: 1 }, remedy: 'Remove it.' },
      { message: '--as-of must be a time' },
    ],
    next: ['syn2op config inspect'],
  })
  expect(renderError(viewError(error, context), plain)).toBe(
    [
      'Error: 2 settings are wrong (config.invalid)',
      '  syn2op.yaml:3:1: `mappin` is no setting',
      '    Remove it.',
      '  --as-of must be a time',
      '',
      'Next:',
      '  syn2op config inspect',
      '',
    ].join('\n'),
  )
})

test('what an error carries besides code, message, problems and next steps stays inside', () => {
  const error = new Syn2opError('database.failed', 'The database failed', { cause: driverError })
  expect(viewError(error, context)).toStrictEqual({
    code: 'database.failed',
    message: 'The database failed',
    problems: [],
    next: [],
    exitCode: 5,
  })
})

test("of a driver's error only the SQLSTATE is told, since its message can quote a row", () => {
  const view = viewError(driverError, context)
  expect(view).toMatchObject({
    code: 'internal',
    exitCode: 1,
    message: 'A database refused a statement (SQLSTATE 22P02)',
  })
  expect(JSON.stringify(view)).not.toContain('hash')
})

test.each([
  ['42501', 'database.not-allowed', 4],
  ['57P01', 'database.failed', 5],
  ['53100', 'database.failed', 5],
  ['25P03', 'database.failed', 5],
  ['40001', 'database.failed', 5],
  ['XX001', 'database.failed', 5],
  ['42703', 'internal', 1],
])('SQLSTATE %s is %s, whichever statement met it', (code, ours, exitCode) => {
  expect(viewError(Object.assign(new Error('words'), { code, severity: 'FATAL' }), context)).toMatchObject({
    code: ours,
    exitCode,
  })
})

test('the stack names places, not messages', () => {
  const frames = framesOf(new Error('outer secret', { cause: driverError }))
  expect(frames).toMatch(/error-view\.test\.ts/u)
  expect(frames).toMatch(/caused by Error 22P02/u)
  expect(frames).not.toMatch(/secret|hash/u)
})

test('an unforeseen error tells its name and message, without the password of a URL', () => {
  const view = viewError(new TypeError('cannot open postgres://mas:hunter2@db/mas'), context)
  expect(view.message).toBe('TypeError: cannot open postgres://mas:…@db/mas')
  expect(view.exitCode).toBe(1)
})

test('whatever breaks after the run was asked to stop, the run was interrupted', () => {
  expect(viewError(driverError, { ...context, stopped: true })).toMatchObject({
    code: 'run.interrupted',
    exitCode: 130,
  })
})

test('an error of ours is told even after the run was asked to stop', () => {
  const error = new Syn2opError('target.not-restored', 'The indexes are not back')
  expect(viewError(error, { ...context, stopped: true }).code).toBe('target.not-restored')
})

test('a flag that cannot be parsed is a usage error and points to the help', async () => {
  const error: unknown = await Parser.parse(['--nonsense'], { flags: {}, strict: true }).catch(
    (thrown: unknown) => thrown,
  )
  expect(viewError(error, context)).toStrictEqual({
    code: 'usage',
    message: 'Unknown flag: --nonsense',
    problems: [],
    next: ['syn2op plan --help'],
    exitCode: 64,
  })
})

test.each([
  ['abc', {}, '--for needs a whole number'],
  ['0.5', { min: 1 }, '--for needs a whole number'],
  ['0', { min: 1 }, '--for needs a whole number, 1 or more'],
  ['-1', { min: 1 }, '--for needs a whole number, 1 or more'],
  ['9', { max: 5 }, '--for needs a whole number, 5 or less'],
])('%s as a whole number of %o is a usage error of the flag', async (text, bounds, message) => {
  const error: unknown = await Parser.parse([`--for=${text}`], { flags: { for: Flags.integer(bounds) } }).catch(
    (thrown: unknown) => thrown,
  )
  expect(viewError(error, context)).toStrictEqual({
    code: 'usage',
    message,
    problems: [],
    next: ['syn2op plan --help'],
    exitCode: 64,
  })
})

test.each([
  ['twice', ['--for=1', '--for=2'], 'Flag --for can only be specified once'],
  ['without a value', ['--for'], 'Flag --for expects a value'],
])('a flag given %s is a usage error', async (_, argv, message) => {
  const flags = { for: Flags.integer({ multiple: false }) }
  const error: unknown = await Parser.parse(argv, { flags }).catch((thrown: unknown) => thrown)
  expect(viewError(error, context)).toMatchObject({ code: 'usage', message, exitCode: 64 })
})

test('control characters in a message do not reach the terminal', () => {
  const error = new Syn2opError('usage', 'bad \u001b[2J name')
  expect(renderError(viewError(error, context), plain)).not.toContain('\u001b')
})
