import type { LocatedMap } from '../config/yaml/located.ts'
import { isEnabled, isPresent, isTruthy, valueAt } from './yaml-truth.ts'

type Test = (value: ReturnType<typeof valueAt>) => boolean

/** Settings that have no effect, or less, once MAS has the logins, and when they count. */
const LEFT: Readonly<Record<string, Test>> = {
  'registrations_require_3pid': isTruthy,
  'password_config.policy': (value) => isEnabled(value, 'disabled'),
  'email': isTruthy,
  'enable_registration_captcha': isTruthy,
  'registration_shared_secret': isPresent,
  'registration_shared_secret_path': isPresent,
}

/** The dotted paths of those that are set; never a value, since one of them is a secret. */
export const leftSettings = (root: LocatedMap): readonly string[] => [
  ...Object.entries(LEFT).flatMap(([path, counts]) => (counts(valueAt(root, path)) ? [path] : [])),
  ...templatesOfEmails(root),
]

const TEMPLATE = 'user_mapping_provider.config.localpart_template'

/** Templates with a filter that is Synapse's own. */
const templatesOfEmails = (root: LocatedMap): readonly string[] => {
  const providers = valueAt(root, 'oidc_providers')
  if (providers?.kind !== 'list') return []
  return providers.items.flatMap((provider, index) => {
    const template = valueAt(provider, TEMPLATE)
    const isOfEmails = template?.kind === 'scalar' && String(template.value).includes('localpart_from_email')
    return isOfEmails ? [`oidc_providers[${index}].${TEMPLATE}`] : []
  })
}
