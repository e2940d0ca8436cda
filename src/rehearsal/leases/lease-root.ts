import { chmod, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Syn2opError } from '../../errors/syn2op-error.ts'

/** The user's number; 0 where the system has none. */
const ownUser = (): number => process.getuid?.() ?? 0

/** Where the leases of this user are. */
export const leaseRoot = (): string => join(tmpdir(), `syn2op-rehearsals-${ownUser()}`)

/** The folder of another lease, of the same folder of leases. */
export const leaseBeside = (folder: string, id: string): string => join(dirname(folder), id)

/** As root, a database server runs as somebody else, who must get through to its folder; nobody sees what else is there. */
export const FOLDER_MODE = process.getuid?.() === 0 ? 0o711 : 0o700

/** Whether a folder is there and this user's: what somebody else has put there is not to be believed. */
export const isOurs = (folder: string): Promise<boolean> =>
  lstat(folder).then(
    (found) => found.isDirectory() && found.uid === ownUser(),
    () => false,
  )

/**
 * Makes the folder of all leases where it is missing. Where everybody may write, somebody else may have made it first.
 * @throws Syn2opError temporary.unwritable where it is somebody else's, or cannot be made
 */
export const openLeaseRoot = async (root: string): Promise<void> => {
  const refuse = (message: string, cause?: unknown): Syn2opError =>
    new Syn2opError('temporary.unwritable', message, {
      next: ['Name another folder for temporary files: TMPDIR=/path syn2op rehearse …'],
      cause,
    })
  try {
    await mkdir(root, { recursive: true, mode: FOLDER_MODE })
    if (await isOurs(root)) return await chmod(root, FOLDER_MODE)
  } catch (cause) {
    throw refuse(`The folder of rehearsals ${root} cannot be made`, cause)
  }
  throw refuse(`The folder of rehearsals ${root} belongs to somebody else`)
}
