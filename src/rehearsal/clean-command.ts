import { platform, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { shellWord, typedCommand } from '../report/resume-command.ts'

/**
 * The command that ends a rehearsal of this process.
 * @param servers flags that name again the servers that were given by flags: without them nobody can end what is there
 */
export const cleanCommand = (id: string, servers: readonly string[] = []): string => {
  const command = typedCommand(['syn2op', 'rehearse', '--clean', id, ...servers])
  const temporary = resolve(tmpdir())
  return isUsual(temporary) ? command : `TMPDIR=${shellWord(temporary)} ${command}`
}

/** macOS gives each user a folder of this kind. Source: confstr(3) there, _CS_DARWIN_USER_TEMP_DIR. */
const isUsual = (temporary: string): boolean =>
  temporary === '/tmp' || (platform() === 'darwin' && temporary.startsWith('/var/folders/'))
