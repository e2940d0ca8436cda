import { expect, it } from 'vitest'
import { stepProgress } from '../../../src/rehearsal/step-progress.ts'

it('says of each phase which step of the rehearsal it belongs to', () => {
  const told: string[] = []
  const listener = {
    phase: (phase: string) => void told.push(phase),
    advance: (work: string, done: number, total: number) => void told.push(`${work} ${done}/${total}`),
    note: (message: string) => void told.push(message),
  }
  const verify = stepProgress(listener, 'verify')
  verify.phase('prepare')
  verify.phase('verify')
  verify.advance('rows', 1, 2)
  verify.note('a note')
  expect(told).toEqual(['verify: prepare', 'verify', 'rows 1/2', 'a note'])
})
