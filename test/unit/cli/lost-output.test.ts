import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { outliveOutput } from '../../../src/cli/lost-output.ts'

const failing = (code: string): Error => Object.assign(new Error('write'), { code })

const streams = () => {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let exitCode = 0
  outliveOutput({ stdout, stderr, fail: () => (exitCode = 1) })
  return { stdout, stderr, exitCode: () => exitCode, told: () => String(stderr.read() ?? '') }
}

test.each(['EPIPE', 'EIO'])('nobody reads any longer (%s): the work goes on', (code) => {
  const { stdout, stderr, exitCode } = streams()
  stderr.emit('error', failing(code))
  stderr.emit('error', failing(code))
  stdout.emit('error', failing(code))
  expect(exitCode()).toBe(0)
})

test('a result that does not fit on the disk is no success', () => {
  const { stdout, exitCode, told } = streams()
  stdout.emit('error', failing('ENOSPC'))
  expect(exitCode()).toBe(1)
  expect(told()).toContain('The result could not be written to the end: ENOSPC')
})

test('what is told beside the result ends nothing, whatever becomes of it', () => {
  const { stderr, exitCode } = streams()
  stderr.emit('error', failing('ENOSPC'))
  expect(exitCode()).toBe(0)
})

test('of those who listened before, none ends the process', () => {
  const stdout = new PassThrough()
  stdout.on('error', (error) => {
    throw error
  })
  outliveOutput({ stdout, stderr: new PassThrough(), fail: () => {} })
  expect(() => stdout.emit('error', failing('EIO'))).not.toThrow()
})
