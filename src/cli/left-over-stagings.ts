import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { processExists } from '../migration/runs/process-lives.ts'

const PREFIX = 'syn2op-sqlite-'

/** A path for a staging of ours, by which a later call knows whose it was. */
export const stagingFolder = (): string => join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(6).toString('hex')}`)

/** How old what nobody is known to use must be, where the machine has not been started since. */
const A_DAY_MS = 86_400_000

interface Staging {
  /** Of the process that made it. */
  readonly pid: number
  /** In milliseconds since 1970, as all here. */
  readonly made: number
}

/**
 * Whether nobody watches a staging any more: the machine was started since, or it is a day old and its maker gone. The time
 * comes first: by then the number of its maker may be anybody's, and in a container it often is our own. Younger ones stay:
 * the processes of another container are not seen.
 */
export const isLeftOver = (
  { pid, made }: Staging,
  { now, booted }: { readonly now: number; readonly booted: number },
): boolean => made < booted || (made < now - A_DAY_MS && (pid === process.pid || !processExists(pid)))

/** Deletes what a machine that went down has left. No process is signalled: by now its number may be somebody else's. */
export const removeLeftOver = async (): Promise<void> => {
  const now = Date.now()
  const moments = { now, booted: now - uptime() * 1000 }
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-[0-9a-f]{12}$`, 'u').exec(name)?.[1]
    if (pid === undefined) continue
    const folder = join(tmpdir(), name)
    const made = (await stat(folder).catch(() => undefined))?.mtimeMs
    if (made === undefined || !isLeftOver({ pid: Number(pid), made }, moments)) continue
    // Another user's is not ours to delete, and fails.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}
