import { finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { counted, numbered } from '../../report/counted.ts'
import type { ProviderUse } from '../../report/plan-parts.ts'

/** What the providers that rows name tell, beyond what the target says of them. Pure. */
export const providerFindings = (uses: readonly ProviderUse[]): readonly Finding[] => [
  ...several(uses.filter((use) => use.several > 0 && use.decision === 'carry')),
  ...alike(uses),
]

const several = (uses: readonly ProviderUse[]): readonly Finding[] => {
  if (uses.length === 0) return []
  const count = sumOf(uses, (use) => use.several)
  return [
    finding('SEVERAL_IDENTITIES', {
      message: `${counted(count, 'account has', 'accounts have')} two or more identities of one provider: ${uses
        .map((use) => `${nameOf(use)} ${numbered(use.several)}`)
        .join(', ')}`,
      count,
      samples: uses.map(nameOf).slice(0, SAMPLES),
      remedy: ['Nothing to do, if the same person stands behind each.'],
    }),
  ]
}

const SAMPLES = 3

/** Names without rows need no decision; one that is carried or left has it. */
const alike = (uses: readonly ProviderUse[]): readonly Finding[] => {
  const odd = uses
    .filter(({ decision, identities }) => decision === 'unknown' && identities > 0)
    .flatMap((use) => {
      const meant = meantBy(use, uses)
      return use.authProvider === '' || meant !== undefined ? [{ use, meant }] : []
    })
  if (odd.length === 0) return []
  const count = sumOf(
    odd.map(({ use }) => use),
    ({ identities }) => identities,
  )
  return [
    finding('PROVIDER_NAMES_ALIKE', {
      message: `${counted(count, 'SSO identity stands', 'SSO identities stand')} under a name that is nearly another provider’s, or none: ${odd
        .map(({ use, meant }) => (meant === undefined ? nameOf(use) : `${nameOf(use)} (${meant.authProvider}?)`))
        .join(', ')}`,
      count,
      samples: odd.map(({ use }) => nameOf(use)).slice(0, SAMPLES),
      remedy: ['Look at them: Synapse finds none of them at a login.', ...toAdd(odd), ...toMap(odd)],
    }),
  ]
}

/** A name of the rows, and whose name it nearly is. */
interface Odd {
  readonly use: ProviderUse
  readonly meant: ProviderUse | undefined
}

/** What the target has to know before a mapping may name it: a mapping that names an unknown provider is refused. */
const toAdd = (odd: readonly Odd[]): readonly string[] => {
  const unknown = [...new Set(odd.flatMap(({ meant }) => (meant?.decision === 'unknown' ? [meant.authProvider] : [])))]
  return unknown.length === 0
    ? []
    : [
        `The target does not know ${unknown.join(', ')} yet. Where these are meant to be carried, add the provider there first (MAS: with ${unknown.map((name) => `\`synapse_idp_id: ${name}\``).join(', ')}); the next run then says the line for the mapping.`,
      ]
}

const toMap = (odd: readonly Odd[]): readonly string[] => {
  const lines = odd.flatMap(({ use, meant }) =>
    meant?.decision === 'unknown'
      ? []
      : [`  '${use.authProvider.replaceAll("'", "''")}': ${meant?.becomes ?? 'leave'}`],
  )
  return lines.length === 0
    ? []
    : ['In the mapping, for those that are meant to be carried; `leave` for the others:', 'providers:', ...lines]
}

/** The provider that the homeserver or the target has, and whose name this one would be in other capitals or with its prefix. */
const meantBy = ({ authProvider }: ProviderUse, uses: readonly ProviderUse[]): ProviderUse | undefined => {
  const spellings = [folded(authProvider), `oidc-${folded(authProvider)}`]
  return uses.find(
    (one) =>
      one.authProvider !== authProvider &&
      (one.atHomeserver || one.decision === 'carry') &&
      spellings.includes(folded(one.authProvider)),
  )
}

const folded = (name: string): string => name.trim().toLowerCase()

const nameOf = ({ authProvider }: ProviderUse): string => (authProvider === '' ? '(an empty name)' : authProvider)

const sumOf = <Value>(values: readonly Value[], of: (value: Value) => number): number =>
  values.reduce((sum, value) => sum + of(value), 0)
