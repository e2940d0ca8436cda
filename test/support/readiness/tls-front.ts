import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import type { CertificateFiles } from '../certificates.ts'

/** A proxy with TLS before servers that have none, as every homeserver has one. */
export interface TlsFront {
  /** Such as `https://localhost:4711`. */
  readonly origin: string
  /** Sends each request to one of these from now on, by its path; each such as `http://127.0.0.1:8008`. */
  become(serverOf: (path: string) => string): void
  stop(): Promise<void>
}

/** Starts a proxy on localhost that answers 502 where nobody is behind it. */
export const startTlsFront = async ({ serverCertificate, serverKey }: CertificateFiles): Promise<TlsFront> => {
  let serverOf: ((path: string) => string) | undefined
  const server = createServer({ cert: serverCertificate, key: serverKey }, (incoming, outgoing) => {
    const badGateway = (): void => void outgoing.writeHead(502, { 'content-type': 'text/html' }).end('Bad Gateway')
    const path = incoming.url ?? '/'
    if (serverOf === undefined) return badGateway()
    const { method, headers } = incoming
    const onward = request(new URL(path, serverOf(path)), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', badGateway)
    incoming.pipe(onward)
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    become: (next) => {
      serverOf = next
    },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Has this process trust the authority of test certificates. @returns what ends that. */
export const trusting = ({ authority }: CertificateFiles): (() => void) => {
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, readFileSync(authority, 'utf8')])
  return () => tls.setDefaultCACertificates(before)
}
