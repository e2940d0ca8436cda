import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_CANARIES } from '../../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { makeRehearsalPlace, type RehearsalPlace } from '../../support/rehearsal/rehearse-program.ts'
import { installSynapse } from '../../support/synapse/install.ts'

let place: RehearsalPlace
let python: string

beforeAll(async () => {
  place = await makeRehearsalPlace()
  ;({ python } = await installSynapse('1.163.2'))
})
afterAll(() => place.remove())

describe('a rehearsal of a target with which tokens stay in Synapse', () => {
  it('shows them to a Synapse that was asked for, which takes each of them still, and leaves nothing of it', async () => {
    const document = await place.rehearse([
      '--demo',
      '--accounts=60',
      '--damage=none',
      '--target=auth0',
      '--require=local',
      `--synapse-python=${python}`,
    ])
    expect(document.verdict).toBe('passed')
    const shown = document.proofs?.proofs?.results.filter(({ what }) => what === 'token')
    expect(shown).toEqual(
      DEMO_CANARIES.map(({ localpart, device }) => ({
        what: 'token',
        mxid: `@${localpart}:${DEMO.serverName}`,
        device,
        worked: true,
        expected: true,
      })),
    )
    expect(document.unproved.filter(({ what }) => what === 'tokens')).toEqual([])
    expect(document.services).toContain(`Synapse 1.163.2 of ${python}`)
    expect(await place.leftOver()).toEqual([])
  })
})
