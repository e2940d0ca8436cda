import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { whyNoContainersHere } from '../containers/engine.ts'
import type { Images } from '../containers/images.ts'
import { type ContainerFile, type ContainerRequest, startContainer } from '../containers/start-container.ts'
import type { StartContext, Way } from '../way.ts'
import { awaitHealth } from './await-health.ts'
import { type MasFiles, type MasProgram, type MasService, nothingRuns, SERVER } from './mas-service.ts'

/** Where its configuration is in the container. */
const CONFIG = '/syn2op/mas.yaml'

const COMMAND_MS = 120_000
const STARTING_MS = 120_000

/** It has this machine's network: database and homeserver listen on the loopback, and so does it. */
const request = (
  images: Images,
  { lease, note, signal }: StartContext,
): Omit<ContainerRequest, 'wait' | 'timeoutMs'> => ({
  lease,
  service: 'mas',
  image: images.of('mas'),
  pull: images.pull,
  ports: [],
  networkMode: 'host',
  // The files are root's alone, and the image's own user is another.
  user: '0',
  note,
  signal,
})

const filesIn = ({ configFile, named }: MasFiles): readonly ContainerFile[] => [
  { source: configFile, target: CONFIG, mode: 0o600 },
  ...named.map((file) => ({ source: file, target: file, mode: 0o600 })),
]

const containerProgram = (images: Images): MasProgram => ({
  sees: 'files it is given',

  async run(args, files, context) {
    const container = await startContainer({
      ...request(images, context),
      command: [...args, '--config', CONFIG],
      files: filesIn(files),
      wait: { kind: 'end' },
      timeoutMs: COMMAND_MS,
    })
    await container.stop()
  },

  async serve({ url }, files, context) {
    const container = await startContainer({
      ...request(images, context),
      command: [...SERVER, '--config', CONFIG],
      files: filesIn(files),
      wait: { kind: 'log', says: /Listening on/u },
      timeoutMs: STARTING_MS,
    })
    const isWell = await awaitHealth(url, {
      hasEnded: () => false,
      timeoutMs: STARTING_MS,
      signal: context.signal,
    }).catch(async (error: unknown) => {
      await container.stop()
      throw error
    })
    if (isWell) return container
    const words = container.logs().slice(-5)
    await container.stop()
    throw new Syn2opError('rehearsal.no-backend', `MAS in a container of ${images.of('mas')} does not answer`, {
      problems: words.map((message) => ({ message })),
    })
  },
})

/** MAS's image, whose entry point is mas-cli. */
export const containerMas = (images: Images): Way<MasService> => ({
  backend: 'containers',
  why: whyNoContainersHere,
  async start(context) {
    const tried = await startContainer({
      ...request(images, context),
      command: ['--version'],
      wait: { kind: 'end' },
      timeoutMs: COMMAND_MS,
    })
    await tried.stop()
    return {
      backend: 'containers',
      what: `container ${images.of('mas')}`,
      program: containerProgram(images),
      ...nothingRuns,
    }
  },
})
