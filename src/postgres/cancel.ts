import pg from 'pg'

/** What node-postgres's types leave out. */
interface CancelKey {
  readonly processID: number | null
  readonly secretKey: number | null
  readonly ssl: boolean | object
}
interface CancelConnection {
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processID: number, secretKey: number): void
}

const CANCEL_PATIENCE_MS = 5000

/**
 * Asks the server to cancel what the client's session is doing, by the protocol's cancel request on a connection of
 * its own, encrypted like the client's. Resolves once the server has closed that connection, which it does after it
 * has told the session; rejects never, since a request that does not arrive leaves things as they were.
 * Source: PostgreSQL documentation, "Canceling Requests in Progress" (frontend/backend protocol).
 */
export const cancelRunning = async (client: pg.Client): Promise<void> => {
  const { processID, secretKey, ssl } = client as unknown as CancelKey
  if (processID === null || secretKey === null) return
  const connection = new pg.Connection({ ssl })
  const protocol = connection as unknown as CancelConnection
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => connection.stream.destroy(), CANCEL_PATIENCE_MS)
    const send = (): void => protocol.cancel(processID, secretKey)
    connection.once('connect', () => (ssl ? protocol.requestSsl() : send()))
    connection.once('sslconnect', send)
    connection.on('error', () => connection.stream.destroy())
    connection.once('end', () => {
      clearTimeout(timer)
      resolve()
    })
    if (client.host.startsWith('/')) protocol.connect(`${client.host}/.s.PGSQL.${client.port}`)
    else protocol.connect(client.port, client.host)
  })
}
