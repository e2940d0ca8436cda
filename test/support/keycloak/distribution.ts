import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('prepare-distribution', import.meta.url))

export interface DistributionOptions {
  /** Default: what SYN2OP_TEST_KEYCLOAK_VERSION names, else the one in the file `version`. */
  readonly version?: string
  /** `none`: a Keycloak that never heard of us. Default: with our provider in `providers/`. */
  readonly provider?: 'synapse-bcrypt' | 'none'
  /** Features of Keycloak to enable beside those that are by default. */
  readonly features?: readonly string[]
}

/** Maven says first what is wrong and then a lot about itself; others say it last. */
const gistOf = (complaint: string): string => {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '')
  return lines.find((line) => line.startsWith('[ERROR]')) ?? lines.slice(-5).join('\n')
}

const argumentsOf = ({ version, provider, features }: DistributionOptions): readonly string[] => {
  const wanted = version ?? process.env['SYN2OP_TEST_KEYCLOAK_VERSION']
  return [
    ...(wanted === undefined ? [] : ['--version', wanted]),
    ...(provider === 'none' ? ['--without-provider'] : []),
    ...(features === undefined ? [] : [`--features=${features.join(',')}`]),
  ]
}

/**
 * The folder of a Keycloak that was built for `kc.sh start --optimized`, with our provider in it; fetched and made when it
 * is not there yet, which takes a minute. Change nothing in it: all servers share it.
 * @throws Error that says why there is none: no Java 17, no Maven, nothing to fetch it from
 */
export const distribution = (options: DistributionOptions = {}): Promise<string> => prepare(argumentsOf(options))

/** The folder of a Keycloak as it is published: nothing is built, and nothing of ours is in it. Change nothing in it. */
export const publishedDistribution = (): Promise<string> => prepare([...argumentsOf({}), '--as-published'])

const prepare = async (args: readonly string[]): Promise<string> => {
  try {
    const { stdout } = await run('bash', [SCRIPT, ...args], { maxBuffer: 16_000_000 })
    return stdout.trim()
  } catch (error) {
    const complaint = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new Error(`There is no Keycloak: ${gistOf(complaint)}`, { cause: error })
  }
}

/** SYN2OP_TEST_REQUIRE=keycloak (or all): a test with a real Keycloak must not be skipped. */
const required = (): boolean => ['all', 'keycloak'].includes(process.env['SYN2OP_TEST_REQUIRE'] ?? '')

/** Why tests with a real Keycloak are skipped here; undefined when they are not, or must not be. */
export const whyNoKeycloak = async (): Promise<string | undefined> => {
  if (required() || process.env['SYN2OP_TEST_KEYCLOAK_URL'] !== undefined) return undefined
  try {
    await distribution()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
