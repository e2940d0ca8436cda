import type { Located, LocatedMap } from '../config/yaml/located.ts'
import { type Section, sectionOver } from '../config/yaml/section.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import { samlIsOn } from './conflicts-with-mas.ts'
import type { SynapseProvider } from './homeserver.ts'
import { isEnabled, valueAt } from './yaml-truth.ts'

const LEGACY_ID = 'oidc'

/** Synapse prefixes the configured id, but leaves `oidc`, the id of the old single provider, as it is. */
const authProviderOf = (idpId: string): string => (idpId === LEGACY_ID ? LEGACY_ID : `oidc-${idpId}`)

/** The mapping provider that Synapse brings, under its name and the one that it had before. */
const OWN_MAPPING = /^synapse\.handlers\.oidc(?:_handler)?\.JinjaOidcMappingProvider$/u

const SUB = /^\{\{\s*user\.sub\s*\}\}$/u

/** Source: Synapse's handlers/oidc.py: `subject_template` wins over `subject_claim` unless it is empty, and without both it is the claim `sub`. */
const subjectOf = (section: Section): string | undefined => {
  const mapping = section.section('user_mapping_provider')
  const module = mapping.text('module')?.value
  if (module !== undefined && !OWN_MAPPING.test(module)) return `whatever the module ${module} makes of it`
  const config = mapping.section('config')
  const template = config.text('subject_template')?.value
  if (template) return SUB.test(template) ? undefined : template
  const claim = config.text('subject_claim')?.value
  return claim === undefined || claim === 'sub' ? undefined : `the claim ${claim}`
}

const oidcProvider = (section: Section): SynapseProvider => {
  const idpId = section.text('idp_id')?.value ?? LEGACY_ID
  const issuer = section.text('issuer')?.value
  const clientId = section.text('client_id')?.value
  const subject = subjectOf(section)
  return {
    authProvider: authProviderOf(idpId),
    kind: 'oidc',
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
    path: section.path,
    ...(section.boolean('backchannel_logout_enabled')?.value === true ? { backchannelLogout: true } : {}),
    ...(subject === undefined ? {} : { subject }),
    ...(section.boolean('allow_existing_users')?.value === true ? { allowsExistingUsers: true } : {}),
  }
}

const whenOn = (
  value: Located | undefined,
  on: boolean,
  provider: () => SynapseProvider,
): readonly SynapseProvider[] => (value !== undefined && on ? [provider()] : [])

/** The SSO providers that are switched on, under the names of `user_external_ids.auth_provider`. */
export const readProviders = (root: LocatedMap, problems: Problem[]): readonly SynapseProvider[] => {
  const file = sectionOver(root, '', problems)
  const listed = file.sections('oidc_providers') ?? []
  const legacy = valueAt(root, 'oidc_config')
  const saml = valueAt(root, 'saml2_config')
  const cas = valueAt(root, 'cas_config')
  const oidc = [
    ...whenOn(legacy, isEnabled(legacy, 'disabled'), () => oidcProvider(file.section('oidc_config'))),
    ...listed.map(oidcProvider),
  ]
  for (const [index, provider] of oidc.entries()) {
    const earlier = oidc.slice(0, index).find(({ authProvider }) => authProvider === provider.authProvider)
    if (!earlier) continue
    const at = listed.find(({ path }) => path === provider.path)?.at
    const message = `\`${earlier.path}\` and \`${provider.path}\` have the same idp_id`
    problems.push({ message, ...(at === undefined ? {} : { at }) })
  }
  return [
    ...oidc,
    ...whenOn(saml, samlIsOn(saml), () => ({ authProvider: 'saml', kind: 'saml', path: 'saml2_config' })),
    ...whenOn(cas, isEnabled(cas, 'enabled'), () => {
      const issuer = file.section('cas_config').text('server_url')?.value
      return { authProvider: 'cas', kind: 'cas', ...(issuer === undefined ? {} : { issuer }), path: 'cas_config' }
    }),
  ]
}
