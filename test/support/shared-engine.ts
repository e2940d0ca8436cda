import { inject, vi } from 'vitest'
import type { ImageService } from '../../src/rehearsal/services/containers/images.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Whom to ask for the container engine that all tests of a run share; see `offerEngine`. */
    engineOffer: string
  }
}

/** The container engine that all test files of a run share. */
export interface SharedEngine {
  /** What a program of ours needs in its environment to find it. */
  readonly variables: Readonly<Record<string, string>>
  /** The name of an image that behaves like the official one; the first who asks waits until it is made. */
  image(service: ImageService): Promise<string>
}

const ask = async (what: string): Promise<string> => {
  const answer = await fetch(new URL(what, inject('engineOffer')))
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

/**
 * Finds the engine; the first that asks waits until it runs. From then on testcontainers finds it too, in this file, and has no
 * reaper: that is an image that cannot be pulled.
 * @throws Error that says why there is none
 */
export const sharedEngine = async (): Promise<SharedEngine> => {
  const address = await ask('engine')
  const variables = { TESTCONTAINERS_RYUK_DISABLED: 'true', ...(address !== '' && { DOCKER_HOST: address }) }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  return { variables, image: (service) => ask(`image/${service}`) }
}
