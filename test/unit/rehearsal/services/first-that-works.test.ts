import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { firstThatWorks } from '../../../../src/rehearsal/services/first-that-works.ts'
import type { Backend, Service, StartContext, Way } from '../../../../src/rehearsal/services/way.ts'

const lease: StartContext['lease'] = {
  id: '20261123-120501-9f3a',
  folder: '/nowhere',
  labels: {},
  holds: async () => {},
  gone: async () => {},
  keep: async () => {},
  end: async () => 'ended',
}

const noted: string[] = []
const context = (signal = new AbortController().signal): StartContext => {
  noted.length = 0
  return { lease, note: (message) => noted.push(message), signal }
}

const way = (backend: Backend, start: () => Promise<void> = async () => {}, why?: string): Way<Service> => ({
  backend,
  why: async () => why,
  start: async () => {
    await start()
    return { backend, what: `a ${backend} one`, keep: async () => {}, stop: async () => {} }
  },
})

const fails = (code: 'rehearsal.no-backend' | 'database.refused') => async (): Promise<void> => {
  throw new Syn2opError(code, 'It is broken', { next: ['mend it'], problems: [{ message: 'its last words' }] })
}

describe('the first way that works', () => {
  it('is told, with why those before it do not', async () => {
    const ways = [
      way('containers', undefined, 'no engine'),
      way('local', fails('rehearsal.no-backend')),
      way('stand-in'),
    ]
    const service = await firstThatWorks('Keycloak', ways, { context: context() })
    expect(service.backend).toBe('stand-in')
    expect(noted).toEqual([
      'Not Keycloak in a container: no engine',
      'Not Keycloak of this machine: It is broken',
      'Keycloak: a stand-in one',
    ])
  })

  it('is the only one that is tried, where it was asked for', async () => {
    const ways = [way('containers', undefined, 'no engine'), way('local')]
    const failure = firstThatWorks('Keycloak', ways, { wanted: 'containers', context: context() })
    await expect(failure).rejects.toMatchObject({
      code: 'rehearsal.no-backend',
      message: 'Keycloak cannot be had in a container, as was asked for',
      problems: [{ message: 'Keycloak in a container: no engine' }],
    })
    expect(noted).not.toContain('Keycloak: a local one')
  })

  it('is what was given, whatever was asked for of the rest', async () => {
    const service = await firstThatWorks('PostgreSQL', [way('given')], { wanted: 'containers', context: context() })
    expect(service.backend).toBe('given')
  })

  it('says every reason, and what helps, where none works', async () => {
    const ways = [way('containers', undefined, 'no engine'), way('local', fails('rehearsal.no-backend'))]
    await expect(firstThatWorks('Keycloak', ways, { context: context() })).rejects.toMatchObject({
      message: 'Keycloak cannot be started here',
      problems: [
        { message: 'Keycloak in a container: no engine' },
        { message: 'Keycloak of this machine: It is broken' },
        { message: 'its last words' },
      ],
      next: ['mend it'],
    })
  })

  it('is not looked for any longer after an error of another kind', async () => {
    const ways = [way('given', fails('database.refused')), way('local')]
    await expect(firstThatWorks('PostgreSQL', ways, { context: context() })).rejects.toMatchObject({
      code: 'database.refused',
    })
  })

  it('is not looked for after an interruption', async () => {
    const started: string[] = []
    const ways = [way('local', async () => void started.push('local'))]
    const choice = { context: context(AbortSignal.abort()) }
    await expect(firstThatWorks('PostgreSQL', ways, choice)).rejects.toThrow('aborted')
    expect(started).toEqual([])
  })
})
