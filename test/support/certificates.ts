import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface CertificateFiles {
  readonly folder: string
  /** Paths of PEM files. */
  readonly authority: string
  readonly otherAuthority: string
  readonly clientCertificate: string
  readonly clientKey: string
  /** The server's PEM texts; the certificate is for the name localhost only. */
  readonly serverCertificate: string
  readonly serverKey: string
}

export const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A certificate authority, another one that nobody used, a server's certificate and a client's. */
export const makeCertificates = (clientName: string): CertificateFiles => {
  const folder = mkdtempSync(join(tmpdir(), 'syn2op-tls-'))
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = (name: string): void =>
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    )
  const signed = (name: string, subject: string, extension: string): void => {
    writeFileSync(at(`${name}.ext`), extension)
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`)
    const ca = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial']
    openssl('x509', '-req', '-in', `${name}.csr`, ...ca, '-out', `${name}.pem`, '-days', '2', '-extfile', `${name}.ext`)
  }
  authority('authority')
  authority('other')
  signed('server', 'server', 'subjectAltName=DNS:localhost')
  signed('client', clientName, 'extendedKeyUsage=clientAuth')
  return {
    folder,
    authority: at('authority.pem'),
    otherAuthority: at('other.pem'),
    clientCertificate: at('client.pem'),
    clientKey: at('client.key'),
    serverCertificate: readFileSync(at('server.pem'), 'utf8'),
    serverKey: readFileSync(at('server.key'), 'utf8'),
  }
}
