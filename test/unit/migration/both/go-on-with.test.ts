import { describe, expect, it } from 'vitest'
import { goOnWith } from '../../../../src/migration/both/go-on-with.ts'

const RESUME = { mode: 'migrate', resume: true } as const

const atKeycloak = { runId: '20261121-220000-aaaa', into: 'Keycloak', mode: 'migrate', ended: false } as const
const atMas = { runId: '20261121-220500-bbbb', into: 'MAS' } as const

describe('what is resumed at Keycloak and MAS', () => {
  it('is of the cohort whose run did not end at either, and of nobody else at the other', () => {
    const ofPilot = { mode: 'migrate', resume: true, cohort: 'pilot' }
    expect(goOnWith(RESUME, { last: { ...atKeycloak, cohort: 'pilot' } })).toEqual(ofPilot)
    expect(goOnWith(RESUME, { last: { ...atKeycloak, ended: true }, second: { ...atMas, cohort: 'pilot' } })).toEqual(
      ofPilot,
    )
  })

  it('is of the cohort that ended at Keycloak, where nothing was begun at MAS', () => {
    const last = { ...atKeycloak, ended: true, cohort: 'pilot' }
    expect(goOnWith(RESUME, { last })).toEqual({ mode: 'migrate', resume: true, cohort: 'pilot' })
    expect(goOnWith({ ...RESUME, mode: 'final' }, { last })).toEqual({ mode: 'final', resume: true })
    expect(goOnWith({ ...RESUME, mode: 'online' }, { last })).toEqual({ mode: 'online', resume: true })
  })

  it('fills no MAS at once where a copy for it was asked for', () => {
    expect(goOnWith(RESUME, { last: { ...atKeycloak, mode: 'online' } })).toEqual({ mode: 'online', resume: true })
    expect(goOnWith(RESUME, { last: { ...atKeycloak, mode: 'final' } })).toEqual({ mode: 'final', resume: true })
    expect(goOnWith(RESUME, { last: { ...atKeycloak, mode: 'online' }, second: atMas })).toEqual(RESUME)
  })

  it('is everybody where nothing is known', () => {
    expect(goOnWith(RESUME, {})).toEqual(RESUME)
  })

  it('is refused where runs of different accounts did not end, and where --final would go on with a cohort', () => {
    const last = { ...atKeycloak, cohort: 'half' }
    expect(() => goOnWith(RESUME, { last, second: { ...atMas, cohort: 'pilot' } })).toThrow('not of the same accounts')
    expect(() => goOnWith(RESUME, { last, second: atMas })).toThrow('not of the same accounts')
    expect(() => goOnWith({ ...RESUME, mode: 'final' }, { last })).toThrow('--final is for everybody')
  })
})
