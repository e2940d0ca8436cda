import { describe, expect, it } from 'vitest'
import { endAll } from '../../../src/rehearsal/end-all.ts'
import type { Lease } from '../../../src/rehearsal/leases/lease.ts'

const CLEAN = 'syn2op rehearse --clean a'

const ending = async (end: Lease['end'], ends: readonly (() => Promise<void>)[] = []) => {
  const notes: string[] = []
  const outcome = await endAll(ends, { lease: { id: 'a', end }, clean: CLEAN, note: (message) => notes.push(message) })
  return { outcome, notes }
}

describe('the end of a rehearsal', () => {
  it('leaves nothing where its lease ended last', async () => {
    const order: string[] = []
    const step = (name: string) => async (): Promise<void> => void order.push(name)
    const end = async () => {
      order.push('the lease')
      return 'ended' as const
    }
    const { outcome, notes } = await ending(end, [step('first'), step('second')])
    expect([outcome, notes]).toEqual(['nothing is left', []])
    expect(order).toEqual(['second', 'first', 'the lease'])
  })

  it('leaves something where its lease still has a belonging, as a container whose image is being fetched', async () => {
    const { outcome, notes } = await ending(async () => 'something is left')
    expect([outcome, notes]).toEqual([
      'something is left',
      ['Left of the rehearsal a: something that cannot be ended yet', `To end it: ${CLEAN}`],
    ])
  })

  it('leaves its lease where something else could not be ended', async () => {
    const ended: string[] = []
    const end = async () => {
      ended.push('the lease')
      return 'ended' as const
    }
    const fails = async (): Promise<void> => {
      throw new Error('the server is gone')
    }
    const { outcome, notes } = await ending(end, [async () => void ended.push('first'), fails])
    expect([outcome, notes]).toEqual([
      'something is left',
      ['Left of the rehearsal a: the server is gone', `To end it: ${CLEAN}`],
    ])
    expect(ended).toEqual(['first'])
  })
})
