import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { KeycloakSeen } from './seen.ts'

/** As Keycloak makes it. */
const USUAL_FLOW = 'browser'

/** What people meet on the login page before they can type a password. */
export const checkLoginFlow = (
  { settings, login }: Pick<KeycloakSeen, 'settings' | 'login'>,
  passwords: number | undefined,
): readonly Finding[] => {
  if (settings === undefined || passwords === 0) return []
  const { browserFlow } = settings
  const whose = passwords === undefined ? '' : `, and ${counted(passwords, 'account has', 'accounts have')} one`
  return [
    ...(browserFlow === USUAL_FLOW
      ? []
      : [
          finding('KEYCLOAK_LOGIN_FLOW', {
            message: `The realm’s login flow is ${JSON.stringify(browserFlow)}, not Keycloak’s own.`,
            samples: [browserFlow],
            remedy: ['See with one account that people can log in by it: with a password alone, and by SSO.'],
          }),
        ]),
    ...(login === undefined || login.asksForPassword
      ? []
      : [
          finding('KEYCLOAK_NO_PASSWORD_FORM', {
            message: `No step of the login flow ${JSON.stringify(browserFlow)} is known to ask for a password${whose}.`,
            samples: [browserFlow],
            remedy: [`Authentication, Flows, ${browserFlow}: add or enable "Username Password Form".`],
          }),
        ]),
    ...(login?.redirectsTo === undefined
      ? []
      : [
          finding('KEYCLOAK_LOGIN_REDIRECTS', {
            message: `The login page sends everybody to ${login.redirectsTo} at once: nobody is asked for a password${whose}.`,
            samples: [login.redirectsTo],
            remedy: [
              `Authentication, Flows, ${browserFlow}, Identity Provider Redirector: remove the default identity provider.`,
              'Or accept it: --accept KEYCLOAK_LOGIN_REDIRECTS',
            ],
          }),
        ]),
  ]
}
