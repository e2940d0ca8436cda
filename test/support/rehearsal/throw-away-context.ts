import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Belonging, Lease } from '../../../src/rehearsal/leases/lease.ts'
import type { StartContext } from '../../../src/rehearsal/services/way.ts'

/** What a rehearsal starts services with, and what it was told. */
export interface ThrowAwayContext extends StartContext {
  readonly notes: readonly string[]
  /** What would have to be ended if we died now. */
  readonly belongings: readonly Belonging[]
}

/** A lease that nobody else sees; its folder goes after the test. */
export const throwAwayContext = async (
  signal: AbortSignal = new AbortController().signal,
  labels: Lease['labels'] = {},
): Promise<ThrowAwayContext> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-context-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const notes: string[] = []
  const belongings: Belonging[] = []
  const same = (belonging: Belonging): number =>
    belongings.findIndex((each) => JSON.stringify(each) === JSON.stringify(belonging))
  const lease: Lease = {
    id: 'test-0000',
    folder,
    labels,
    holds: async (belonging) => void belongings.push(belonging),
    gone: async (belonging) => {
      const at = same(belonging)
      if (at !== -1) belongings.splice(at, 1)
    },
    keep: async () => {},
    end: async () => 'ended',
  }
  return { lease, note: (message) => void notes.push(message), signal, notes, belongings }
}
