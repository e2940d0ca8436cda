import { describe, expect, it } from 'vitest'
import { type Fault, openFaults } from '../../../../../src/rehearsal/standins/auth0/faults.ts'

const struck = (faults: readonly Fault[], paths: readonly string[], seed = 1): readonly (string | undefined)[] => {
  const open = openFaults(faults, seed)
  return paths.map((path) => open.strike('POST', path))
}

describe('faults of the stand-in', () => {
  it('strike so many times, or every so-manieth time, only what they are for', () => {
    const ofUsers = (_: string, path: string): boolean => path === '/api/v2/users'
    const paths = ['/api/v2/users', '/other', '/api/v2/users', '/api/v2/users', '/api/v2/users']
    expect(struck([{ kind: 'answer lost', on: ofUsers, times: 2 }], paths)).toEqual([
      'answer lost',
      undefined,
      'answer lost',
      undefined,
      undefined,
    ])
    expect(struck([{ kind: 'error after', on: ofUsers, every: 2 }], paths)).toEqual([
      undefined,
      undefined,
      'error after',
      undefined,
      'error after',
    ])
  })

  it('strike by chance, and the same requests again with the same seed', () => {
    const paths = Array.from({ length: 200 }, () => '/api/v2/users')
    const fault: Fault = { kind: 'reset before', chance: 0.25 }
    const first = struck([fault], paths)
    expect(struck([fault], paths)).toEqual(first)
    expect(struck([fault], paths, 2)).not.toEqual(first)
    const count = first.filter((kind) => kind !== undefined).length
    expect(count).toBeGreaterThan(25)
    expect(count).toBeLessThan(80)
  })

  it('leave everything but imports alone where they are of jobs', () => {
    const paths = ['/api/v2/users', '/api/v2/jobs/users-imports', '/api/v2/jobs/users-exports']
    expect(struck([{ kind: 'job fails' }], paths)).toEqual([undefined, 'job fails', undefined])
    expect(struck([{ kind: 'export lags' }], paths)).toEqual([undefined, undefined, 'export lags'])
  })
})
