import { DEADLINE_MS } from './lease-life.ts'

/** A container's label with the id of the rehearsal that it is of. */
export const REHEARSAL_LABEL = 'syn2op.rehearsal'
/** When whoever cannot see that rehearsal may take it for dead: a moment as ISO 8601 says it. */
export const DEADLINE_LABEL = 'syn2op.deadline'
/** Where the rehearsal runs, as `describePlace` says it, and the lease's folder there. */
export const PLACE_LABEL = 'syn2op.host'
export const FOLDER_LABEL = 'syn2op.folder'

export interface Labelled {
  readonly id: string
  readonly folder: string
  readonly place: string
  /** Milliseconds since 1970. */
  readonly made: number
}

export const labelsOf = ({ id, folder, place, made }: Labelled): Readonly<Record<string, string>> => ({
  [REHEARSAL_LABEL]: id,
  [DEADLINE_LABEL]: new Date(made + DEADLINE_MS).toISOString(),
  [PLACE_LABEL]: place,
  [FOLDER_LABEL]: folder,
})
