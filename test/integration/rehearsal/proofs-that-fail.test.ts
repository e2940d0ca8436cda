import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rehearse } from '../../../src/rehearsal/rehearse.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { demoSource } from '../../../src/rehearsal/sources/demo.ts'
import { silentProgress } from '../../../src/targets/progress.ts'

let folder: string

/** A Python that has Synapse, as far as can be asked, whose Synapse ends as it starts. */
const BROKEN = `#!/bin/sh
case $1 in -c) echo 1.163.2 ;; *) echo 'its last words'; exit 1 ;; esac
`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-proofs-'))
  // As root the database runs as somebody else.
  await chmod(folder, 0o755)
  vi.stubEnv('TMPDIR', folder)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

describe('a rehearsal whose proofs cannot be tried', () => {
  it('fails, and is taken back and compared all the same', async () => {
    const python = join(folder, 'python')
    await writeFile(python, BROKEN, { mode: 0o755 })
    const document = await rehearse({
      people: (stage) => demoSource({ ...stage, accounts: 60, damage: 'none' }),
      durability: 'throw-away',
      target: 'auth0',
      backends: { images: imagesOf({ given: [], pull: 'never' }), synapsePython: python, wanted: 'local' },
      afterwards: 'ended',
      readers: 1,
      accept: [],
      progress: silentProgress,
      signal: new AbortController().signal,
    })
    const outcomes = document.steps.slice(-3).map(({ step, outcome }) => [step, outcome])
    expect(outcomes).toEqual([
      ['prove logins and tokens', 'failed'],
      ['roll back', 'ok'],
      ['plan again', 'ok'],
    ])
    expect(document).toMatchObject({
      verdict: 'failed',
      failure: { step: 'prove logins and tokens', code: 'rehearsal.no-backend' },
      again: { same: true },
    })
  })
})
