import { execFileSync } from 'node:child_process'
import { chown, mkdir, mkdtemp, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small file system of its own. */
export interface SmallDisk {
  readonly folder: string
  /** Leaves so many bytes of it free. */
  fill(leaving?: number): Promise<void>
  /** Gives the room back. */
  free(): Promise<void>
  /** Removes all that is on it. */
  empty(): Promise<void>
  remove(): Promise<void>
}

/** Why there can be none here; undefined: there can. */
export const noSmallDisk = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root can mount a small disk'
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'a small disk cannot be mounted here'
  }
}

/** @param owner the user whom its folder belongs to: that of this folder. */
export const mountSmallDisk = async (megabytes: number, owner?: string): Promise<SmallDisk> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  const filler = join(folder, 'filler')
  if (owner !== undefined) {
    const { uid, gid } = await stat(owner)
    await chown(folder, uid, gid)
  }
  return {
    folder,
    fill: async (leaving = 0) => {
      const { bavail, bsize } = await statfs(folder)
      // Whoever else writes at the same time fills it as well.
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - leaving))).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      })
    },
    free: () => rm(filler, { force: true }),
    empty: async () => {
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
    },
    remove: async () => {
      execFileSync('umount', ['--lazy', folder])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A folder below a disk's, for PostgreSQL's own use. */
export const tablespaceFolder = async ({ folder }: SmallDisk): Promise<string> => {
  const made = join(folder, 'tablespace')
  await mkdir(made)
  const { uid, gid } = await stat(folder)
  await chown(made, uid, gid)
  return made
}
