import { lstat } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { ContainerRuntimeClient } from 'testcontainers'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { openEngine } from '../services/containers/engine.ts'
import { KEPT_SUFFIX } from '../services/containers/kept-name.ts'
import { removeContainer } from '../services/containers/remove-container.ts'
import { DEADLINE_LABEL, FOLDER_LABEL, HOST_LABEL, REHEARSAL_LABEL } from './labels.ts'
import type { SweepOptions } from './sweep.ts'

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
 * @throws Error where no engine answers
 */
export const removeContainersOf = async (id: string): Promise<readonly string[]> => {
  const client = await openEngine().then(
    (engine) => engine.client,
    (cause: unknown) => {
      throw new Error(`its containers: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    },
  )
  const found = await listed(client, `${REHEARSAL_LABEL}=${id}`)
  for (const container of found) await removeContainer(client, container.id)
  return found.map(describe)
}

/** Removes containers whose rehearsal nobody can know of any more: its folder is gone, and its time has passed. */
export const removeOrphanContainers = async ({
  note,
  signal,
}: Pick<SweepOptions, 'note' | 'signal'>): Promise<readonly { readonly id: string; readonly what: string }[]> => {
  const removed: { id: string; what: string }[] = []
  try {
    const { client } = await openEngine()
    for (const container of await listed(client, REHEARSAL_LABEL)) {
      signal.throwIfAborted()
      if (!(await isOrphan(container, new Date()))) continue
      await removeContainer(client, container.id)
      removed.push({ id: container.labels[REHEARSAL_LABEL] ?? '', what: describe(container) })
    }
  } catch (error) {
    signal.throwIfAborted()
    // Without an engine there are none.
    if (!(error instanceof Syn2opError)) {
      note(
        `Not looked for containers that rehearsals have left: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return removed
}

const isOrphan = async ({ labels, names }: Found, now: Date): Promise<boolean> => {
  if (names.some((name) => name.endsWith(KEPT_SUFFIX))) return false
  const until = new Date(labels[DEADLINE_LABEL] ?? '')
  if (Number.isNaN(until.getTime()) || until > now) return false
  return labels[HOST_LABEL] !== hostname() || !(await mayExist(labels[FOLDER_LABEL] ?? ''))
}

/** Another user's folder may be there without our seeing it. */
export const mayExist = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  )
