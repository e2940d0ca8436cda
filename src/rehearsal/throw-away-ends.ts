import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { Backends } from './backends.ts'
import type { ThrowAwayTarget } from './ends/throw-away-target.ts'
import type { RehearsedTarget } from './rehearsed-targets.ts'
import type { PostgresService } from './services/postgres/postgres-service.ts'
import type { StartContext } from './services/way.ts'
import type { RehearsalSource } from './sources/rehearsal-source.ts'
import type { Durability } from './throw-away.ts'

export interface EndRequest {
  readonly name: RehearsedTarget
  readonly homeserver: HomeserverConfig
  /** Whose people move. */
  readonly people: RehearsalSource['kind']
  /** The administrator's own configuration and rules; absent: made from homeserver.yaml, and the starter's. */
  readonly targetConfig?: readonly string[]
  readonly mapping?: string
  readonly backends: Backends
  readonly postgres: PostgresService
  /** throw-away: times mean little, and what starts quickly may work slowly. */
  readonly durability: Durability
  readonly readers: number
  readonly context: StartContext
}

/**
 * Makes the target of a rehearsal, ready to be filled.
 * @throws Syn2opError rehearsal.no-backend where nothing of it can run here; config.invalid, mapping.invalid
 */
export const makeThrowAwayTarget = async (request: EndRequest): Promise<ThrowAwayTarget> => {
  const { name, homeserver, targetConfig, mapping, context } = request
  const common = {
    homeserver,
    context,
    ...(targetConfig === undefined ? {} : { targetConfig }),
    ...(mapping === undefined ? {} : { mapping }),
  }
  switch (name) {
    case 'mas':
      return makeMas(request, common)
    case 'keycloak':
      return makeKeycloak(request, common)
    case 'auth0': {
      const { auth0End } = await import('./ends/auth0/auth0-end.ts')
      return auth0End(common)
    }
  }
}

type Common = Pick<EndRequest, 'homeserver' | 'targetConfig' | 'mapping' | 'context'>

const makeMas = async (
  { backends, postgres, readers, people }: EndRequest,
  common: Common,
): Promise<ThrowAwayTarget> => {
  const { masEnd } = await import('./ends/mas/mas-end.ts')
  const { images, masCli, wanted } = backends
  return masEnd({
    ...common,
    people,
    postgres,
    readers,
    images,
    ...(masCli === undefined ? {} : { masCli }),
    ...(wanted === undefined ? {} : { wanted }),
  })
}

const makeKeycloak = async (
  { backends, postgres, durability }: EndRequest,
  common: Common,
): Promise<ThrowAwayTarget> => {
  const { keycloakEnd } = await import('./ends/keycloak/keycloak-end.ts')
  const { keycloakWays } = await import('./services/keycloak/keycloak-ways.ts')
  const { firstThatWorks } = await import('./services/first-that-works.ts')
  const { images, keycloak, keycloakHome, wanted } = backends
  const { pepper } = common.homeserver
  const ways = keycloakWays({
    images,
    postgres,
    compiler: durability === 'throw-away' ? 'quick' : 'thorough',
    ...(pepper === undefined ? {} : { pepper }),
    ...(keycloak === undefined ? {} : { given: keycloak }),
    ...(keycloakHome === undefined ? {} : { home: keycloakHome }),
  })
  const service = await firstThatWorks('Keycloak', ways, {
    context: common.context,
    ...(wanted === undefined ? {} : { wanted }),
  })
  return keycloakEnd({ ...common, service })
}
