import type { ContainerRuntimeClient } from 'testcontainers'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { openEngine } from '../services/containers/engine.ts'
import { engineId } from '../services/containers/engine-id.ts'
import { KEPT_SUFFIX } from '../services/containers/kept-name.ts'
import { removeContainer } from '../services/containers/remove-container.ts'
import { wordsOf } from '../words-of.ts'
import { DEADLINE_LABEL, FOLDER_LABEL, PLACE_LABEL, REHEARSAL_LABEL } from './labels.ts'
import { isOrphan, type Mark, type Orphan, type OrphanOptions } from './orphan.ts'

interface Found {
  readonly id: string
  readonly names: readonly string[]
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
}

const listed = async ({ container }: ContainerRuntimeClient, label: string): Promise<readonly Found[]> => {
  const found = await container.dockerode.listContainers({ all: true, filters: { label: [label] } })
  return found.map(({ Id, Names, Image, Labels }) => ({ id: Id, names: Names, image: Image, labels: Labels }))
}

const describe = ({ image }: Found): string => `a container of ${image}`

/**
 * Removes the containers of a rehearsal.
 * @param at the id of the engine that they are at, where it is known: another one knows nothing of them
 * @throws Error where no engine answers, or another one
 */
export const removeContainersOf = async (id: string, at?: string): Promise<readonly string[]> => {
  const client = await openEngine().then(
    (engine) => engine.client,
    (cause: unknown) => {
      throw new Error(`its containers: ${wordsOf(cause)}`, { cause })
    },
  )
  if (at !== undefined && (await engineId({ client })) !== at) {
    throw new Error(
      'its containers: they are at another container engine than the one that answers now: name it in DOCKER_HOST, and once it is gone, delete the folder of that rehearsal',
    )
  }
  const found = await listed(client, `${REHEARSAL_LABEL}=${id}`)
  for (const container of found) await removeContainer(client, container.id)
  return found.map(describe)
}

/** Removes containers of rehearsals whose lease is gone, as `isOrphan` says. */
export const removeOrphanContainers = async (orphans: OrphanOptions): Promise<readonly Orphan[]> => {
  const { note, signal } = orphans
  const removed: Orphan[] = []
  try {
    const { client } = await openEngine()
    for (const container of await listed(client, REHEARSAL_LABEL)) {
      signal.throwIfAborted()
      const mark = markOf(container)
      if (mark === undefined || !(await isOrphan(mark, orphans))) continue
      await removeContainer(client, container.id)
      removed.push({ id: mark.id, what: describe(container) })
    }
  } catch (error) {
    signal.throwIfAborted()
    // Without an engine there are none.
    if (!(error instanceof Syn2opError)) {
      note(`Not looked for containers that rehearsals have left: ${wordsOf(error)}`)
    }
  }
  return removed
}

/** Undefined: it does not say when its time has passed. */
const markOf = ({ labels, names }: Found): Mark | undefined => {
  const until = new Date(labels[DEADLINE_LABEL] ?? '')
  if (Number.isNaN(until.getTime())) return undefined
  return {
    id: labels[REHEARSAL_LABEL] ?? '',
    place: labels[PLACE_LABEL],
    folder: labels[FOLDER_LABEL] ?? '',
    until,
    kept: names.some((name) => name.endsWith(KEPT_SUFFIX)),
  }
}
