import type { Section } from '../../../config/yaml/section.ts'
import type { MasProvider } from './mas-config.ts'
import { isUlid, ulidToUuid } from './ulid.ts'

const SUB = /^\{\{\s*user\.sub\s*\}\}$/u

/** What becomes of somebody who logs in without a link, under a name that is taken. Source: MAS's `OnConflict`, whose default it is. */
const FAILS = 'fail'

const readClaims = (section: Section): Pick<MasProvider, 'subject' | 'onConflict'> => {
  const claims = section.section('claims_imports')
  const subject = claims.section('subject').text('template')?.value
  const onConflict = claims.section('localpart').text('on_conflict')?.value
  return {
    ...(subject === undefined || SUB.test(subject) ? {} : { subject }),
    ...(onConflict === undefined || onConflict === FAILS ? {} : { onConflict }),
  }
}

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
    ...readClaims(section),
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
