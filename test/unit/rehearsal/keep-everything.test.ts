import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import type { Rehearsal } from '../../../src/rehearsal/go-through.ts'
import { keepEverything } from '../../../src/rehearsal/keep-everything.ts'
import { stepClock } from '../../../src/rehearsal/step-clock.ts'
import type { RehearsalDocument } from '../../../src/report/documents.ts'
import { silentProgress } from '../../../src/targets/progress.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'
import { rehearsalDocument } from '../../support/rehearsal-documents.ts'

// The commands that are told depend on it.
beforeEach(() => vi.stubEnv('TMPDIR', '/tmp'))
afterEach(() => vi.unstubAllEnvs())

const failure = { step: 'migrate', code: 'target.unavailable', message: 'MAS does not answer' } as const
const { rollback: _, ...unfinished } = rehearsalDocument
const failed: RehearsalDocument = { ...unfinished, verdict: 'failed', failure }

const keeping = async (
  document: RehearsalDocument,
  postgres = async (): Promise<void> => {},
  servers: readonly string[] = [],
) => {
  const context = await throwAwayContext()
  const opened: string[] = []
  const rehearsal = {
    context,
    lease: context.lease,
    servers,
    clock: stepClock(),
    readers: 1,
    accept: [],
    progress: silentProgress,
    signal: context.signal,
    source: {
      kind: 'demo',
      files: ['homeserver.yaml'],
      homeserver: { serverName: 'story.example', files: [] },
      source: { host: '127.0.0.1', port: 1, user: 'synapse', password: 'secret', database: 'synapse' },
    },
    target: {
      name: 'keycloak',
      configFile: 'keycloak.yaml',
      mapping: { file: 'mapping.yaml' },
      open: async () => {
        opened.push('target')
        throw new Syn2opError('database.refused', 'Keycloak does not answer')
      },
    },
  } as unknown as Rehearsal
  const kept = await keepEverything(rehearsal, { keep: postgres }, document)
  return { kept, opened, context }
}

describe('a rehearsal that is kept', () => {
  it('after a failure is left as it failed, and nobody migrates again', async () => {
    const { kept, opened, context } = await keeping(failed)
    expect(opened).toEqual([])
    expect(kept).toMatchObject({ verdict: 'failed', failure, kept: { folder: context.lease.folder } })
    const settings = parse(await readFile(join(context.lease.folder, 'syn2op.yaml'), 'utf8'))
    expect(settings.target).toEqual({ name: 'keycloak', config: 'keycloak.yaml' })
  })

  it('is filled once more where only its proofs could not be tried, since it was taken back', async () => {
    const unproved = { ...failure, step: 'prove logins and tokens' }
    const { kept, opened } = await keeping({ ...rehearsalDocument, verdict: 'failed', failure: unproved })
    expect(opened).toEqual(['target'])
    expect(kept.failure).toEqual(unproved)
  })

  it('is kept and told where its target cannot be filled once more', async () => {
    const { kept, opened } = await keeping(rehearsalDocument)
    expect(opened).toEqual(['target'])
    expect(kept).toMatchObject({
      verdict: 'failed',
      failure: { step: 'migrate again', code: 'database.refused' },
      kept: { end: 'syn2op rehearse --clean test-0000' },
    })
    expect(kept.steps).toContainEqual(expect.objectContaining({ step: 'migrate again', outcome: 'failed' }))
  })

  it('is ended by a command that names the servers again which flags had named', async () => {
    const { kept } = await keeping(failed, undefined, ['--rehearsal-postgres', 'postgresql://db.example/a?user=b'])
    expect(kept.kept?.end).toBe(
      "syn2op rehearse --clean test-0000 --rehearsal-postgres 'postgresql://db.example/a?user=b'",
    )
  })

  it('is told still where nothing can be kept, with what failed first', async () => {
    const refusing = async (): Promise<void> => {
      throw new Syn2opError('rehearsal.no-backend', 'The container does not go on')
    }
    const { kept, context } = await keeping(failed, refusing)
    expect(kept.failure).toEqual(failure)
    expect(kept.kept).toBeUndefined()
    expect(context.notes).toEqual(['Also at keep: The container does not go on'])
  })
})
