import type { EarlierRuns } from '../../earlier-runs.ts'
import { hasEnded, jobById } from '../api/jobs-api.ts'
import type { ManagementApi } from '../api/management-api.ts'
import { followJob } from './follow-job.ts'
import { endsBy, type ImportNotes, minuteOf, type Noted, type NotedImport } from './import-notes.ts'

/**
 * Waits until the import jobs of earlier runs have ended: until then whoever they are to make may come at any time. Those whose
 * answers were lost nobody can ask for; they are told of.
 * @returns whether any of them had been at work
 */
export const awaitImports = async (
  { api, imports }: { readonly api: ManagementApi; readonly imports: ImportNotes },
  { notes, note, signal }: EarlierRuns,
): Promise<boolean> => {
  imports.keepIn(notes)
  const { clock } = api
  const atWork: (readonly [Noted, job: string])[] = []
  for (const noted of await imports.open()) {
    const { job } = noted.about
    if (job === undefined) {
      note(lostWords(noted.about))
      continue
    }
    const seen = await jobById(api, job, signal)
    if (seen === undefined || hasEnded(seen)) await noted.ended()
    else atWork.push([noted, job])
  }
  if (atWork.length > 0) note(waitingWords(atWork.map(([{ about }]) => about)))
  for (const [noted, job] of atWork) {
    const look = (stop: AbortSignal) => jobById(api, job, stop)
    await followJob({ look, begun: noted.about.at, expected: 0, clock, signal })
    await noted.ended()
  }
  return atWork.length > 0
}

const waitingWords = (jobs: readonly NotedImport[]): string => {
  const which =
    jobs.length === 1
      ? 'An import job of an earlier run is still at work at Auth0: waiting for its end'
      : `${jobs.length} import jobs of earlier runs are still at work at Auth0: waiting for their end`
  return `${which}, which comes by ${minuteOf(Math.max(...jobs.map(endsBy)))}`
}

const lostWords = (lost: NotedImport): string =>
  `The answer to an import of ${lost.users.length} people (${lost.externalId}) was lost at ${minuteOf(lost.at)}: Auth0 may be making them until ${minuteOf(endsBy(lost))}, and cannot be asked for it`
