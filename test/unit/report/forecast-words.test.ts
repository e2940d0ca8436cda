import { expect, it } from 'vitest'
import { forecastSentence } from '../../../src/report/forecast-words.ts'

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
