import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Docker's own client, which speaks to the engine at DOCKER_HOST; HOME must be set for it. */
export const docker = async (address: string | undefined, ...args: readonly string[]): Promise<string> => {
  const env = { ...process.env, HOME: homedir(), ...(address !== undefined && { DOCKER_HOST: address }) }
  const { stdout } = await run('docker', [...args], { env, maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}
