import { freePort } from '../../free-port.ts'
import { whyNoContainersHere } from '../containers/engine.ts'
import type { Images } from '../containers/images.ts'
import { type ContainerFile, startContainer } from '../containers/start-container.ts'
import { whyNoImage } from '../containers/why-no-image.ts'
import type { StartContext } from '../way.ts'
import { awaitSynapse } from './await-synapse.ts'
import { HOMESERVER_FILE, LISTENING, synapseFiles } from './configuration.ts'
import { START_MS, type SynapseService, type SynapseWay, type SynapseWish } from './synapse-service.ts'

/** Where its files are in the container. */
const FOLDER = '/data'

/**
 * A container of an image that behaves as Synapse's official one: `run`, SYNAPSE_CONFIG_PATH, and UID and GID to run as. Only where
 * somebody has named one.
 */
export const containerSynapse = (images: Images, wish: SynapseWish): SynapseWay => ({
  backend: 'containers',
  whyNotHad: (watched) => whyNoImage({ image: images.of('synapse'), pull: images.pull }, watched),
  why: async () => (images.names('synapse') ? whyNoContainersHere() : 'no image of it is named'),
  start: (context) => start(images, wish, context),
})

const start = async (
  images: Images,
  wish: SynapseWish,
  { lease, note, signal }: StartContext,
): Promise<SynapseService> => {
  const image = images.of('synapse')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const container = await startContainer({
    lease,
    service: 'synapse',
    image,
    pull: images.pull,
    // It has this machine's network: the database may listen on the loopback only, and so does it.
    ports: [],
    networkMode: 'host',
    // Only root can read the files.
    environment: { SYNAPSE_CONFIG_PATH: `${FOLDER}/${HOMESERVER_FILE}`, UID: '0', GID: '0' },
    command: ['run'],
    files: [...ownFiles(wish, port), ...certificates(wish)],
    wait: { kind: 'log', says: LISTENING },
    timeoutMs: START_MS,
    note,
    signal,
  })
  const what = `container ${image}`
  const { logs: words, stop } = container
  await awaitSynapse({ url, what, hasEnded: () => false, words, stop }, signal)
  return { backend: 'containers', what, url, keep: () => container.keep(), stop }
}

const ownFiles = (wish: SynapseWish, port: number): readonly ContainerFile[] => {
  const files = synapseFiles(wish, { port, folder: FOLDER, mediaFolder: `${FOLDER}/media` })
  return [...files].map(([name, content]) => ({ target: `${FOLDER}/${name}`, content, mode: 0o600 }))
}

/** They are in the container where they are here. */
const certificates = ({ database: { sslRootCert, sslCert, sslKey } }: SynapseWish): readonly ContainerFile[] =>
  [sslRootCert, sslCert, sslKey].flatMap((path) =>
    path === undefined || path === 'system' ? [] : [{ source: path, target: path, mode: 0o600 }],
  )
