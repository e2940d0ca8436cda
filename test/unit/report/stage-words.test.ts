import { describe, expect, it } from 'vitest'
import type { Stage } from '../../../src/report/run-parts.ts'
import { stageRows, stageSteps, stagesSentence, waitingStages } from '../../../src/report/stage-words.ts'

const STAGES: readonly Stage[] = [
  { name: 'admins', members: 12, begun: true, recorded: 12 },
  { name: 'pilot', members: 300, begun: true, recorded: 120 },
  { name: 'nobody', members: 0, begun: false, recorded: 0 },
  { name: 'company', members: 1200, begun: false, recorded: 0 },
  { name: 'rest', members: 48_000, begun: false, recorded: 3 },
]

const ONLINE = 'syn2op migrate --online'

describe('how far cohorts have come', () => {
  it('is told for each of them, and for all', () => {
    expect(stageRows(STAGES)).toEqual([
      ['admins', '12', '12', 'done'],
      ['pilot', '300', '120', 'begun'],
      ['nobody', '0', '0', 'nobody in it'],
      ['company', '1,200', '0', 'to do'],
      ['rest', '48,000', '3', 'to do'],
      ['in all', '49,512', '135', ''],
    ])
  })

  it('is told in a sentence with who waits', () => {
    expect(stagesSentence(STAGES)).toBe('2 of 5 cohorts begun; 49,200 accounts wait for their stage.')
    expect(stagesSentence(STAGES.slice(0, 2))).toBe('Every one of 2 cohorts is begun: none waits.')
  })

  it('waits for nobody where a cohort has no members', () => {
    expect(waitingStages(STAGES).map(({ name }) => name)).toEqual(['company', 'rest'])
  })

  it('names what to type next', () => {
    expect(stageSteps(STAGES, ONLINE)).toEqual([
      {
        text: 'Copy the next cohort, of 1,200 accounts; after it rest:',
        commands: ['syn2op migrate --cohort company'],
      },
      { text: 'Or everybody who is left at once:', commands: [ONLINE] },
    ])
    expect(stageSteps(STAGES.slice(0, 3), ONLINE)).toEqual([])
    expect(stageSteps([], ONLINE)).toEqual([])
  })
})
