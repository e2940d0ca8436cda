import type { Section } from '../../../config/yaml/section.ts'
import type { MasProvider } from './mas-config.ts'
import { isUlid, ulidToUuid } from './ulid.ts'

const readProvider = (section: Section): MasProvider | undefined => {
  const id = section.text('id')
  const synapseIdpId = section.text('synapse_idp_id')?.value
  const issuer = section.text('issuer')?.value
  const humanName = section.text('human_name')?.value
  const enabled = section.boolean('enabled')?.value ?? true
  if (!section.has('id')) section.problem(`\`${section.path}.id\` is missing`)
  if (!id) return undefined
  if (!isUlid(id.value)) {
    section.problem(`\`${section.path}.id\` is no ULID: ${JSON.stringify(id.value)}`, {
      key: 'id',
      remedy: 'A ULID has 26 characters: digits and letters without I, L, O and U.',
    })
    return undefined
  }
  return {
    id: id.value.toUpperCase(),
    uuid: ulidToUuid(id.value),
    enabled,
    ...(synapseIdpId === undefined ? {} : { synapseIdpId }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(humanName === undefined ? {} : { humanName }),
  }
}

/** MAS's `upstream_oauth2` section. Wrong providers are left out and reported. */
export const readProviders = (section: Section): readonly MasProvider[] => {
  const providers: MasProvider[] = []
  for (const [index, entry] of (section.sections('providers') ?? []).entries()) {
    const provider = readProvider(entry)
    if (!provider) continue
    if (providers.some(({ uuid }) => uuid === provider.uuid)) {
      section.problem(`\`${section.path}.providers[${index}].id\` is ${provider.id}, as an earlier one is`, {
        key: 'providers',
        remedy: 'Give every provider an id of its own (also when several files are merged: their lists are joined).',
      })
    }
    providers.push(provider)
  }
  return providers
}
