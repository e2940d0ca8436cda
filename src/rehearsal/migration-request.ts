import { join } from 'node:path'
import { FINDINGS } from '../findings/catalogue.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { fileRecorder } from '../migration/runs/recorder.ts'
import type { ProgressListener } from '../targets/progress.ts'
import type { ThrowAwayTarget } from './ends/throw-away-target.ts'
import type { Lease } from './leases/lease.ts'
import type { RehearsalSource } from './sources/rehearsal-source.ts'

export interface RehearsedRequest {
  readonly source: RehearsalSource
  readonly target: ThrowAwayTarget
  readonly lease: Pick<Lease, 'folder'>
  readonly readers: number
  /** Codes of warnings that are acknowledged on the night too. */
  readonly accept: readonly string[]
  readonly lists?: Pick<MigrationRequest, 'predictions' | 'pseudonyms'>
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

/** In a rehearsal nothing can be lost: every warning is accepted, and those that the night will ask about are told. */
export const EVERY_WARNING: readonly string[] = ['all-warnings', ...Object.keys(FINDINGS)]

/** The request of a migration from the people of a rehearsal into its target, by the code that does it for real. */
export const rehearsedRequest = (rehearsed: RehearsedRequest): MigrationRequest => {
  const { source, target, lease, readers, accept, progress, signal } = rehearsed
  const runs = join(lease.folder, 'runs')
  return {
    homeserver: source.homeserver,
    source: source.source,
    ...(source.staged === undefined ? {} : { staged: source.staged }),
    openTarget: (stop) => target.open(stop),
    mapping: target.mapping,
    ...(source.asOf === undefined ? {} : { asOf: source.asOf }),
    readers,
    accept,
    backup: 'not needed',
    runs,
    recorder: fileRecorder({ runs, command: ['syn2op', 'rehearse'], warn: (message) => progress.note(message) }),
    progress,
    signal,
  }
}
