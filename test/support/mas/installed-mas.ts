import { existsSync } from 'node:fs'

/** MAS's own program and the folder of what it needs at run time. */
export interface InstalledMas {
  readonly cli: string
  /** Holds `templates`, `translations`, `assets`, `manifest.json` and `policy.wasm`. */
  readonly share: string
}

/** Where the environment says that MAS is, or the reason why there is none. */
export const findMas = (env: NodeJS.ProcessEnv = process.env): InstalledMas | string => {
  const [cli, share] = [env['SYN2OP_TEST_MAS_CLI'], env['SYN2OP_TEST_MAS_SHARE']]
  if (!cli || !share) return 'SYN2OP_TEST_MAS_CLI and SYN2OP_TEST_MAS_SHARE name no MAS'
  const absent = [cli, share].filter((path) => !existsSync(path))
  return absent.length === 0 ? { cli, share } : `there is no ${absent.join(' and no ')}`
}

/** The MAS of a test that is skipped without one. */
export const requireMas = (found: InstalledMas | string): InstalledMas => {
  if (typeof found === 'string') throw new Error(`A real MAS is needed: ${found}`)
  return found
}
