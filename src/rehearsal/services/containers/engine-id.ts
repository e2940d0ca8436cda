import type { Engine } from './engine.ts'

/**
 * By which an engine is known, however it is reached; undefined: it has nothing that lasts.
 * Source: Docker Engine API, GET /info, ID. Podman makes up another one at each question.
 */
export const engineId = async (engine: Pick<Engine, 'client'>): Promise<string | undefined> => {
  const first = await ask(engine)
  return first === (await ask(engine)) ? first : undefined
}

const ask = async ({ client }: Pick<Engine, 'client'>): Promise<string | undefined> => {
  const said: unknown = await client.container.dockerode.info()
  const id = typeof said === 'object' && said !== null && 'ID' in said ? said.ID : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}
