import type { Client } from 'pg'

/** A few connections, each lent to one task at a time. */
export interface Clients {
  readonly all: readonly Client[]
  with<T>(work: (client: Client) => Promise<T>): Promise<T>
}

export const lendClients = (all: readonly Client[]): Clients => {
  const idle = [...all]
  const waiting: ((client: Client) => void)[] = []
  const take = (): Promise<Client> => {
    const client = idle.pop()
    return client === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(client)
  }
  const giveBack = (client: Client): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(client)
    else next(client)
  }
  return {
    all,
    with: async (work) => {
      const client = await take()
      try {
        return await work(client)
      } finally {
        giveBack(client)
      }
    },
  }
}
