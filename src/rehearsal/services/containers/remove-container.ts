import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerRuntimeClient } from 'testcontainers'

const POLL_MS = 100
const ATTEMPTS = 100

/**
 * Ends and removes a container with its volumes, and waits until the engine knows it no more. Nothing happens when there is none;
 * two may do so at once.
 * Source: Docker Engine API, DELETE /containers/{id}: 404 where there is none, 409 where it is being removed.
 * @param container its id or its name
 */
export const removeContainer = async ({ container }: ContainerRuntimeClient, id: string): Promise<void> => {
  // Podman would give its program ten seconds to end. One that does not run cannot be killed, and is removed all the same.
  await container
    .getById(id)
    .kill()
    .catch(() => {})
  for (let attempt = 1; ; attempt++) {
    try {
      await container.getById(id).remove({ force: true, v: true })
    } catch (error) {
      const status = statusOf(error)
      if (status === 404) return
      if (status !== 409 || attempt === ATTEMPTS) throw error
    }
    await sleep(attempt === 1 ? 0 : POLL_MS)
  }
}

const statusOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined
