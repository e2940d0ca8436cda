import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What containers of one engine are connected by. Two engines on one bridge would give an address to two containers. */
export interface NetworkBridge {
  readonly name: string
  remove(): Promise<void>
}

/**
 * Makes a bridge on the first network of 10.213.0.0/16 that nobody has. An address is taken by one only: the kernel takes no
 * second bridge of a name.
 * @throws Error when none can be made
 */
export const networkBridge = async (): Promise<NetworkBridge> => {
  let failure: unknown
  for (let number = 1; number < 255; number++) {
    const name = `syn2op${number}`
    try {
      await run('ip', ['link', 'add', name, 'type', 'bridge'])
    } catch (error) {
      failure = error
      continue
    }
    await run('ip', ['address', 'add', `10.213.${number}.1/24`, 'dev', name])
    await run('ip', ['link', 'set', name, 'up'])
    return {
      name,
      remove: async () => {
        await run('ip', ['link', 'delete', name]).catch(() => {})
      },
    }
  }
  throw new Error('No network can be made for containers', { cause: failure })
}
