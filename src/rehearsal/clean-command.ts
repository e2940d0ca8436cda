import { typedCommand } from '../report/resume-command.ts'

/**
 * The command that ends a rehearsal.
 * @param servers flags that name again the servers that were given by flags: without them nobody can end what is there
 */
export const cleanCommand = (id: string, servers: readonly string[] = []): string =>
  typedCommand(['syn2op', 'rehearse', '--clean', id, ...servers])
