import { existsSync, readFileSync } from 'node:fs'
import { type ConnectionOptions, checkServerIdentity, getCACertificates } from 'node:tls'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { PostgresSettings } from './settings.ts'

/** One way to open the connection: in the clear, or by TLS with these options. */
export type Attempt = false | ConnectionOptions

const readFiles = (settings: PostgresSettings, paths: Readonly<Record<'ca' | 'cert' | 'key', string | undefined>>) => {
  const problems: Problem[] = []
  const read = (path: string | undefined): string | undefined => {
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch {
      problems.push({ message: `${path} cannot be read` })
      return undefined
    }
  }
  const files = { ca: read(paths.ca), cert: read(paths.cert), key: read(paths.key) }
  if (problems.length === 0) return files
  throw new Syn2opError('config.unreadable', `A TLS file that ${settings.origin} names cannot be read`, { problems })
}

/** The authorities that Node brings and those of the machine: an internal CA is mostly only among the latter. */
const machineAuthorities = (): string[] => [
  ...new Set([...getCACertificates('default'), ...getCACertificates('system')]),
]

const tlsOptions = (settings: PostgresSettings): ConnectionOptions => {
  const { sslMode, sslRootCert, sslCert, sslKey, sslRootCertPem, sslCertPem, sslKeyPem } = settings
  const rootFile = sslRootCert === 'system' ? undefined : sslRootCert
  const verifies = sslMode === 'verify-ca' || sslMode === 'verify-full'
  // libpq, for compatibility: `require` with a root certificate that exists verifies the chain.
  const hasRoot = sslRootCertPem !== undefined || (rootFile !== undefined && existsSync(rootFile))
  const verifiesChain = verifies || (sslMode === 'require' && hasRoot)
  const files = readFiles(settings, { ca: verifiesChain ? rootFile : undefined, cert: sslCert, key: sslKey })
  const ca = sslRootCertPem ?? files.ca
  const cert = sslCertPem ?? files.cert
  const key = sslKeyPem ?? files.key
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(verifiesChain
      ? {
          ca: ca ?? machineAuthorities(),
          rejectUnauthorized: true,
          // The name is the configured one even when hostaddr says where to connect.
          checkServerIdentity: (_name, certificate) =>
            sslMode === 'verify-full' ? checkServerIdentity(settings.host, certificate) : undefined,
        }
      : { rejectUnauthorized: false }),
    ...(settings.hostAddress === undefined ? {} : { servername: settings.host }),
  }
}

/**
 * The ways to open a connection, in the order in which libpq tries them. TLS never applies to a unix socket.
 * Without sslrootcert, verify-ca and verify-full trust the authorities of Node and of the machine, as the drivers of
 * other languages do; libpq would want ~/.postgresql/root.crt.
 * Raises `config.unreadable` for PEM files that cannot be read.
 */
export const attemptsFor = (settings: PostgresSettings): readonly [Attempt, ...Attempt[]] => {
  if (settings.host.startsWith('/') && settings.hostAddress === undefined) return [false]
  if (settings.sslMode === 'disable') return [false]
  const tls = tlsOptions(settings)
  if (settings.sslMode === 'allow') return [false, tls]
  if (settings.sslMode === 'prefer') return [tls, false]
  return [tls]
}
