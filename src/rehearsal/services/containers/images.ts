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
  /** @throws Syn2opError rehearsal.no-backend where nobody has named one, and there is no usual one. */
  of(service: ImageService): string
  /** Whether somebody has named one for it: what is no part of every rehearsal is not pulled unasked. */
  names(service: ImageService): boolean
  readonly pull: Pull
}

/**
 * Names under which the usual registry, or a mirror, has them, and the versions that this one was tried with. MAS publishes its
 * image in a registry of its own: it has a name only below one that is given.
 */
const USUAL: Readonly<Record<ImageService, { readonly name: string; readonly where?: 'only below a registry' }>> = {
  postgres: { name: 'postgres:17-alpine' },
  keycloak: { name: 'keycloak/keycloak:26.7.3' },
  mas: { name: 'element-hq/matrix-authentication-service:1.22.0', where: 'only below a registry' },
  synapse: { name: 'matrixdotorg/synapse:v1.163.2' },
}

export interface ImagesAsked {
  /** Each `SERVICE=IMAGE`, or an image alone: PostgreSQL's. */
  readonly given: readonly string[]
  /** `HOST/PATH` of a registry that has the usual ones under their own names; images that were given are used as they are. */
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
  return {
    of: (service) => named.get(service) ?? usual(service, registry),
    names: (service) => named.has(service),
    pull,
  }
}

const usual = (service: ImageService, registry: string | undefined): string => {
  const { name, where } = USUAL[service]
  if (registry !== undefined) return `${registry.replace(/\/+$/u, '')}/${name}`
  if (where === undefined) return name
  throw new Syn2opError('rehearsal.no-backend', `nobody says which image of ${service} to take`, {
    next: [`Name it: --image ${service}=IMAGE, or the registry that has ${name}: --registry HOST/PATH`],
  })
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
