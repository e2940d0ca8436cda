import { expect, it } from 'vitest'
import { forecastSentence, laterSentence } from '../../../src/report/forecast-words.ts'

const prove = { phase: 'prove', seconds: 10 }
const write = { phase: 'write', seconds: 50 }

it('says that the verification comes on top of a downtime', () => {
  expect(forecastSentence({ seconds: 60, downtimeSeconds: 50, phases: [write, prove] })).toBe(
    'About 1 min; 50 s of it nobody can log in; verifying before the target starts comes on top.',
  )
})

it('says of a copy aside that people can log in, and of a merge whose people cannot', () => {
  const ofCopy = forecastSentence({ seconds: 60, downtimeSeconds: 0, phases: [write, prove] })
  const ofMerge = forecastSentence({ seconds: 60, downtimeSeconds: 0, phases: [write] })
  expect(ofCopy).toContain('; people can log in meanwhile.')
  expect(ofMerge).toContain('people of the target can log in meanwhile, those of a stopped Synapse cannot.')
})

it('says from what it is told where nothing was measured, and how long what may come later would take', () => {
  const basis = 'the limits of the plan free'
  const afterwards = [
    { what: 'verify', seconds: 7200 },
    { what: 'rollback', seconds: 10_800 },
  ] as const
  expect(laterSentence({ basis, afterwards })).toBe(
    'This follows from the limits of the plan free. Afterwards proving it (syn2op verify) would take about 2 h, taking it back (syn2op rollback) about 3 h.',
  )
  expect(laterSentence({ basis })).toBe('This follows from the limits of the plan free.')
  expect(laterSentence({})).toBeUndefined()
})
