import { lstat } from 'node:fs/promises'

/** Another user's folder may be there without our seeing it. */
export const mayExist = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  )
