import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { IMAGE_SERVICES } from '../../src/rehearsal/services/containers/images.ts'
import { startEngine, type TestEngine } from './container-engine.ts'
import { type TestImages, testImages } from './images/image.ts'

/** A container engine that all test files of a run may ask for. */
export interface EngineOffer {
  /** Below it: `engine` tells its address, or nothing where it is the usual one; `image/SERVICE` the name of an image. */
  readonly url: string
  stop(): Promise<void>
}

interface Offered {
  readonly engine: TestEngine
  readonly images: TestImages
}

const start = async (): Promise<Offered> => {
  const engine = await startEngine()
  return { engine, images: testImages(engine.address) }
}

const answer = async ({ engine, images }: Offered, asked: string): Promise<string> => {
  if (asked === 'engine') return engine.address ?? ''
  const service = IMAGE_SERVICES.find((each) => asked === `image/${each}`)
  if (service === undefined) throw new Error(`Nobody offers ${asked}`)
  return images.named(service)
}

/**
 * Offers one container engine, and its images, to all test files of a run, from vitest's main process. The engine is started
 * when the first one asks, and an image is made when the first one asks for it.
 */
export const offerEngine = async (): Promise<EngineOffer> => {
  let offered: Promise<Offered> | undefined
  const path = `/${randomBytes(12).toString('hex')}/`
  const server = createServer((request, response) => {
    if (request.url?.startsWith(path) !== true) return void response.writeHead(404).end()
    const asked = request.url.slice(path.length)
    offered ??= start()
    offered
      .then((found) => answer(found, asked))
      .then(
        (text) => response.end(text),
        (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The offer of an engine has no port')
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      const found = await offered?.catch(() => undefined)
      await found?.engine.stop()
    },
  }
}
