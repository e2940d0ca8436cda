/** What people read on their screens, word for word, where something is wrong. */
export const SYMPTOMS = {
  elementXSignUp:
    '“Your homeserver needs to be upgraded to support Matrix Authentication Service and account creation.”',
  elementXNoLogin:
    '“The selected homeserver doesn’t support password or OAuth login. Please contact your admin or choose another homeserver.”',
  elementXUnreachable: '“We couldn’t reach this homeserver.”',
  wellKnown: '“Server isn’t available due to an issue in the .well-known file”',
  elementXRegistration: '“An error occurred: client registration failed” (Android) or “Sorry, an error occurred” (iOS)',
  sorry: '“Sorry, an error occurred”',
  misconfigured: '“Your Element is misconfigured”',
  noFlows: '“This homeserver doesn’t offer any login flows that are supported by this client.”',
  unreachableWeb: '“Cannot reach homeserver”',
  registrationDisabled: '“Registration has been disabled on this homeserver.”',
  notLoggedIn:
    '“We couldn’t log you in – Something went wrong during authentication. Go to the sign in page and try again.”',
  noQr: '“QR code not supported”',
  fluffychatOops: '“Oops, something went wrong…”',
  fluffychatWrongUrl: '“Doesn’t seem to be a compatible homeserver. Wrong URL?”',
  invalidScope: 'a browser page that says invalid_scope',
} as const
