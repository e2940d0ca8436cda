import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Guard, spawnGuard } from '../spawn-guard.ts'

/** Variables by which the guard finds programs, its folder for temporary files and the container engine. */
const PASSED = /^(?:PATH|HOME|TMPDIR|XDG_RUNTIME_DIR|DOCKER_.*|TESTCONTAINERS_.*)$/u

/**
 * Starts the guard of a lease: see guard.ts. It does nothing where the lease has ended or is to be kept by the time that we end, or that
 * it is released.
 */
export const watchLease = (folder: string): Pick<Guard, 'release'> => {
  const script = fileURLToPath(new URL(`./guard${extname(import.meta.url)}`, import.meta.url))
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.test(name)))
  return spawnGuard(process.execPath, [script, folder], env)
}
