import type { Located } from '../../../config/yaml/located.ts'
import { type Section, sectionOver } from '../../../config/yaml/section.ts'
import { reportUnknownKeys } from '../../../config/yaml/values.ts'
import type { Problem } from '../../../errors/syn2op-error.ts'
import type { Auth0Provider } from './auth0-config.ts'
import { readChoice } from './choice.ts'

/** A name that Auth0 gives a connection. */
const CONNECTION = /^[A-Za-z0-9](?:-?[A-Za-z0-9])*$/

/** Undefined, and a problem, where it is absent or no name. */
export const readConnectionName = (section: Section, remedy: string): string | undefined => {
  const path = section.path === '' ? 'connection' : `${section.path}.connection`
  const given = section.text('connection')
  if (given === undefined) {
    if (!section.has('connection')) section.problem(`\`${path}\` is missing`, { remedy })
    return undefined
  }
  if (given.value.length <= 128 && CONNECTION.test(given.value)) return given.value
  section.problem(`\`${path}\` is no name of a connection`, { key: 'connection', remedy })
  return undefined
}

const readStrategy = (section: Section): string | undefined => {
  const given = section.text('strategy')
  if (given !== undefined && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(given.value)) return given.value
  if (given !== undefined || !section.has('strategy')) {
    section.problem(
      `\`${section.path}.strategy\` is ${given === undefined ? 'missing' : 'no strategy of a connection'}`,
      {
        key: 'strategy',
        remedy: 'Such as oidc, samlp or google-oauth2: what the user ids of its people begin with.',
      },
    )
  }
  return undefined
}

/** Strategies of connections that can have inbound SCIM. */
const WITH_SCIM: readonly string[] = ['samlp', 'oidc', 'okta', 'waad']

const readProvider = (authProvider: string, section: Section): Auth0Provider | undefined => {
  const id = readConnectionName(section, 'It is the name of the connection at Auth0 through which these people log in.')
  const strategy = readStrategy(section)
  const link = readChoice(section, 'link', ['action', 'scim', 'leave'])
  if (link === 'scim' && strategy !== undefined && !WITH_SCIM.includes(strategy)) {
    section.problem(`\`${section.path}.link\` is scim, by which Auth0 makes nobody of the strategy ${strategy}`, {
      key: 'link',
      remedy: `Take \`action\`: whoever comes from there is linked at their first login. SCIM is for ${WITH_SCIM.join(', ')}.`,
    })
    return undefined
  }
  if (id === undefined || strategy === undefined || link === undefined) return undefined
  return { id, authProvider, strategy, link }
}

/** `identity_providers`: by Synapse's names. Wrong ones are reported and left out. */
export const readProviders = (value: Located | undefined, problems: Problem[]): readonly Auth0Provider[] => {
  const path = 'identity_providers'
  if (value === undefined) return []
  if (value.kind !== 'map') {
    problems.push({ message: `\`${path}\` must be a map of Synapse's names`, at: value.at })
    return []
  }
  return [...value.entries].flatMap(([authProvider, entry]) => {
    const name = `${path}.${authProvider}`
    reportUnknownKeys(entry, name, ['connection', 'strategy', 'link'], problems)
    const provider = readProvider(authProvider, sectionOver(entry, name, problems))
    return provider === undefined ? [] : [provider]
  })
}
