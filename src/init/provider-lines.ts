import { DELEGATED_PROVIDER } from '../accounts/delegated-provider.ts'
import { didYouMean } from '../errors/did-you-mean.ts'
import { canBeNamed } from '../mapping/lost-names.ts'
import { formatCount } from '../terminal/numbers.ts'
import { fileOfApi, type InitFacts, targetName } from './facts.ts'
import { comment, remark, scalar, suggestion } from './yaml-text.ts'

interface KnownProvider {
  readonly name: string
  /** How many identities; undefined: nobody counted. */
  readonly count: number | undefined
  readonly configured: boolean
}

/** The rules about SSO providers: each that Synapse has, in its rows or its configuration, and what the target knows of it. */
export const providerLines = (facts: InitFacts): readonly string[] => {
  const all = providersOf(facts)
  return [
    ...howTheyGo(fileOfApi(facts.target)).map(comment),
    ...(all.length === 0 ? [comment('Synapse has none.'), 'providers: {}'] : ['providers:']),
    ...all.flatMap((provider) =>
      provider.name === DELEGATED_PROVIDER
        ? [`  ${DELEGATED_PROVIDER}: leave # ${identities(provider.count)} of an earlier attempt with MAS`]
        : describe(provider, facts.target),
    ),
  ]
}

const howTheyGo = (file: string | undefined): readonly string[] =>
  file === undefined
    ? ['SSO providers, by Synapse’s name (auth_provider). One without a line goes to the target’s of the same name.']
    : [
        `SSO providers, by Synapse’s name (auth_provider). \`identity_providers\` of ${file} says which takes its place,`,
        'and one that it does not name stays behind. A line here has people taken for those of another one, or leaves them.',
      ]

const providersOf = ({ homeserver, source }: InitFacts): readonly KnownProvider[] => {
  const configured = homeserver.providers.map(({ authProvider }) => authProvider)
  const used = source?.providers ?? []
  const unused = configured.filter((name) => !used.some((one) => one.name === name))
  return [
    ...used.map(({ name, count }) => ({ name, count, configured: configured.includes(name) })),
    ...unused.map((name) => ({ name, count: source === undefined ? undefined : 0, configured: true })),
  ]
}

const identities = (count: number | undefined): string =>
  count === undefined ? 'identities' : formatCount(count, 'identity', 'identities')

const describe = (provider: KnownProvider, target: InitFacts['target']): readonly string[] => {
  const { name, count, configured } = provider
  const { providers } = target
  const isKnown = providers?.includes(name)
  const what = [
    ...(count === undefined ? [] : [identities(count)]),
    ...(configured ? [] : ['not in homeserver.yaml']),
    isKnown === undefined
      ? `whether ${targetName(target)} knows it could not be seen`
      : `${targetName(target)} ${isKnown ? 'has it' : 'does not know it'}`,
    ...(canBeNamed(name) ? [] : ['no rule can have this name']),
  ]
  const shown = remark(`${name === '' ? '(an empty name)' : name}: ${what.join('; ')}`)
  if (providers === undefined || isKnown === true || !canBeNamed(name)) return [shown]
  const meant =
    providers.find((one) => one.toLowerCase() === name.toLowerCase()) ??
    providers.find((one) => one === `oidc-${name}`) ??
    didYouMean(name, providers)
  return [
    shown,
    ...(meant === undefined ? [] : [suggestion(`${scalar(name)}: ${scalar(meant)}`)]),
    suggestion(`${scalar(name)}: leave`),
  ]
}
