import { describe, expect, it } from 'vitest'
import { rehearse } from '../../../../src/rehearsal/rehearse.ts'
import { imagesOf } from '../../../../src/rehearsal/services/containers/images.ts'
import { requireSynapse } from '../../../../src/rehearsal/services/synapse/require-synapse.ts'
import { silentProgress } from '../../../../src/targets/progress.ts'

const images = (...given: readonly string[]) => imagesOf({ given, pull: 'never' })
const { signal } = new AbortController()
const watched = { note: (): void => {}, signal }
const NOWHERE = '/nowhere/python'

describe('a Synapse that was asked for', () => {
  it('is refused before anything is begun where no way leads to it, with each way’s why', async () => {
    await expect(requireSynapse({ images: images(), synapsePython: NOWHERE }, watched)).rejects.toMatchObject({
      code: 'rehearsal.no-backend',
      exitCode: 64,
      problems: [
        { message: 'Synapse in a container: no image of it is named' },
        { message: `Synapse of this machine: ${NOWHERE} does not run, or has no matrix-synapse[postgres]` },
      ],
    })
  })

  it('is refused where only another way is wanted than the one that was named', async () => {
    const asked = { images: images('synapse=own/synapse:1'), wanted: 'local' } as const
    await expect(requireSynapse(asked, watched)).rejects.toMatchObject({
      problems: [{ message: 'Synapse of this machine: no Python is named that has it' }],
    })
  })

  it('keeps a rehearsal from beginning', async () => {
    const begun: string[] = []
    const rehearsing = rehearse({
      people: async () => {
        begun.push('people')
        throw new Error('nobody is to be made')
      },
      durability: 'throw-away',
      target: 'auth0',
      backends: { images: images(), synapsePython: NOWHERE, wanted: 'local' },
      afterwards: 'ended',
      readers: 1,
      accept: [],
      progress: silentProgress,
      signal,
    })
    await expect(rehearsing).rejects.toMatchObject({ message: expect.stringContaining('Synapse') })
    expect(begun).toEqual([])
  })

  it('is not looked for where nobody asked', async () => {
    await expect(requireSynapse({ images: images(), wanted: 'local' }, watched)).resolves.toBeUndefined()
  })
})
