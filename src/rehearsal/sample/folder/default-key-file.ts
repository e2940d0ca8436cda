import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where the key of a sample is kept that nobody named another file for: in the folder for settings of whoever runs it (XDG Base
 * Directory Specification), which is made. In the working folder it would be committed with the sample.
 */
export const defaultKeyFile = async (
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> => {
  const named = env['XDG_CONFIG_HOME'] ?? ''
  const settings = isAbsolute(named) ? named : join(env['HOME'] ?? homedir(), '.config')
  const folder = join(settings, 'syn2op')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, 'sample.key')
}
