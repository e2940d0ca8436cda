import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'

/** A way to a server that tests cut, hold up and slow down. */
export interface UnsteadyNetwork {
  /** Of the way's near end, on the loopback address. */
  readonly port: number
  /** Ends every connection at once, as a firewall that forgets them; new ones are let through. */
  cut(): void
  /** The same once so many more bytes have come back from the server. */
  cutAfter(bytes: number): void
  /** Lets nothing through in either direction, without ending anything. */
  holdUp(): void
  /** Lets at most so many bytes a second through, all connections and both directions together. */
  slowDown(bytesPerSecond: number): void
  /** Lets everything through again. */
  heal(): void
  /** How many connections were cut so far. */
  connectionsCut(): number
  close(): Promise<void>
}

const TICK_MS = 20

/** Starts a way to the server at a port of the loopback address, which lets everything through until it is told otherwise. */
export const openUnsteadyNetwork = async (serverPort: number): Promise<UnsteadyNetwork> => {
  const pairs = new Set<readonly [Socket, Socket]>()
  const heldUp = new Set<Socket>()
  /** Bytes that may still pass in this tick; undefined: any number. */
  let allowance: number | undefined
  let perTick: number | undefined
  let bytesUntilCut: number | undefined
  let ended = 0

  const cut = (): void => {
    bytesUntilCut = undefined
    ended += pairs.size
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  const holdBack = (socket: Socket): void => {
    socket.pause()
    heldUp.add(socket)
  }
  const letThrough = (): void => {
    for (const socket of heldUp) socket.resume()
    heldUp.clear()
  }
  const pass = (from: Socket, to: Socket, comesBack: boolean): void => {
    from.on('data', (chunk: Buffer) => {
      if (comesBack && bytesUntilCut !== undefined) {
        bytesUntilCut -= chunk.length
        if (bytesUntilCut <= 0) return cut()
      }
      if (allowance !== undefined) {
        allowance -= chunk.length
        if (allowance <= 0) holdBack(from)
      }
      if (!to.write(chunk)) from.pause()
      return undefined
    })
    to.on('drain', () => {
      if (!heldUp.has(from)) from.resume()
    })
  }
  const server = createServer((near) => {
    const far = dial(serverPort, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {})
      socket.on('end', () => other.end())
      socket.on('close', () => {
        other.destroy()
        pairs.delete(pair)
        heldUp.delete(socket)
      })
    }
    pass(near, far, false)
    pass(far, near, true)
    if (perTick === 0) for (const socket of pair) holdBack(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ticks = setInterval(() => {
    if (perTick === undefined || perTick === 0) return
    // What one large chunk took beyond its tick is paid back by the next ones.
    allowance = Math.min(perTick, (allowance ?? 0) + perTick)
    if (allowance > 0) letThrough()
  }, TICK_MS)
  ticks.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port on the loopback address')
  const heal = (): void => {
    perTick = undefined
    allowance = undefined
    bytesUntilCut = undefined
    letThrough()
  }
  return {
    port: address.port,
    cut,
    cutAfter: (bytes) => {
      bytesUntilCut = bytes
    },
    holdUp: () => {
      perTick = 0
      allowance = 0
      for (const pair of pairs) for (const socket of pair) holdBack(socket)
    },
    slowDown: (bytesPerSecond) => {
      perTick = (bytesPerSecond * TICK_MS) / 1000
      allowance = perTick
    },
    heal,
    connectionsCut: () => ended,
    close: async () => {
      clearInterval(ticks)
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
