import { didYouMean } from '../../../errors/did-you-mean.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'

/** What an image is named for. */
export const IMAGE_SERVICES = ['postgres', 'keycloak', 'mas', 'synapse'] as const
export type ImageService = (typeof IMAGE_SERVICES)[number]

/** missing: what the engine does not have is fetched; always: newer ones too; never: nothing is. */
export const PULL_POLICIES = ['missing', 'always', 'never'] as const
export type Pull = (typeof PULL_POLICIES)[number]

/** The images of a rehearsal's containers. */
export interface Images {
  of(service: ImageService): string
  readonly pull: Pull
}

/** Where each project publishes its own, as its documentation says, and the versions that this one was tried with. */
const OFFICIAL: Readonly<Record<ImageService, { readonly host?: string; readonly name: string }>> = {
  postgres: { name: 'postgres:17-alpine' },
  keycloak: { host: 'quay.io', name: 'keycloak/keycloak:26.7' },
  mas: { host: 'ghcr.io', name: 'element-hq/matrix-authentication-service:1.22.0' },
  synapse: { host: 'ghcr.io', name: 'element-hq/synapse:v1.163.2' },
}

export interface ImagesAsked {
  /** Each `SERVICE=IMAGE`, or an image alone: PostgreSQL's. */
  readonly given: readonly string[]
  /** `HOST/PATH` of a registry that mirrors the official ones under their own paths; images that were given are used as they are. */
  readonly registry?: string
  readonly pull: Pull
}

/** @throws Syn2opError usage where an image is given for something that is no service, or twice */
export const imagesOf = ({ given, registry, pull }: ImagesAsked): Images => {
  const named = new Map<ImageService, string>()
  for (const text of given) {
    const { service, image } = parse(text)
    if (named.has(service)) throw new Syn2opError('usage', `--image names two images for ${service}`)
    named.set(service, image)
  }
  return { of: (service) => named.get(service) ?? official(service, registry), pull }
}

const official = (service: ImageService, registry: string | undefined): string => {
  const { host, name } = OFFICIAL[service]
  const prefix = registry?.replace(/\/+$/u, '') ?? host
  return prefix === undefined ? name : `${prefix}/${name}`
}

const isService = (word: string): word is ImageService => (IMAGE_SERVICES as readonly string[]).includes(word)

const parse = (text: string): { readonly service: ImageService; readonly image: string } => {
  const at = text.indexOf('=')
  const [service, image] = at === -1 ? ['postgres', text] : [text.slice(0, at), text.slice(at + 1)]
  const next = ['For example --image postgres=postgres:17-alpine']
  if (!isService(service)) {
    const meant = didYouMean(service, IMAGE_SERVICES)
    throw new Syn2opError('usage', `--image ${text} is for no service that a rehearsal has`, {
      next: [
        meant === undefined ? `Services: ${IMAGE_SERVICES.join(', ')}` : `Did you mean ${meant}=${image}?`,
        ...next,
      ],
    })
  }
  if (!/^\S+$/u.test(image)) throw new Syn2opError('usage', `--image ${text} names no image`, { next })
  return { service, image }
}
