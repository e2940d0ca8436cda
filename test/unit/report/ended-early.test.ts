import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endedEarlyError } from '../../../src/report/ended-early.ts'
import { resumeCommand } from '../../../src/report/resume-command.ts'
import { runDocument } from '../../support/documents.ts'
import { rejectedRunDocument, stoppedRunDocument } from '../../support/ended-early-documents.ts'

describe('the command that goes on with a run', () => {
  it.each([
    ['syn2op migrate --online --yes', 'syn2op migrate --online --yes --resume'],
    ['syn2op migrate --as-of 2026-11-21T03:00:00Z --limit 5', 'syn2op migrate --limit 5 --resume'],
    ['syn2op migrate --as-of=2026-11-21T03:00:00Z', 'syn2op migrate --resume'],
    ['syn2op migrate --resume --max-rejected 5%', 'syn2op migrate --max-rejected 5% --resume'],
  ])('%s: %s', (typed, wanted) => {
    expect(resumeCommand(typed.split(' '))).toBe(wanted)
  })

  it('is read back by a shell as it was typed, whatever a file is called', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\0\n]|^--/u.test(text))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const line = resumeCommand(['printf', String.raw`%s\n`, ...words])
        expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })).toBe([...words, '--resume', ''].join('\n'))
      }),
      { numRuns: 20 },
    )
  })
})

describe('the error of a run that ended early', () => {
  it('says how many were not attempted, and how to go on', () => {
    expect(endedEarlyError(stoppedRunDocument)).toMatchObject({
      code: 'run.interrupted',
      exitCode: 130,
      message: 'Stopped, as asked: 1,080 accounts were not attempted',
      next: [expect.stringContaining('Go on with it: syn2op migrate --online --max-rate 500 --resume')],
    })
  })

  it('says how many were rejected, and how to go on', () => {
    expect(endedEarlyError(rejectedRunDocument)).toMatchObject({
      code: 'run.too-many-rejected',
      exitCode: 3,
      message: 'The target rejected 26 accounts, more than --max-rejected allows; 1,080 accounts were not attempted',
      next: [expect.any(String), expect.stringContaining('syn2op migrate --max-rejected 25 --resume')],
    })
  })

  it('is none of a run that came to its end', () => {
    expect(endedEarlyError(runDocument)).toBeUndefined()
  })
})
