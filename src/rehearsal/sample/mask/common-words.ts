/** What thousands of homeservers call a provider, a host, or a part of one: none of these tells whose it is. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
  keycloak authentik authelia zitadel okta auth0 dex ory hydra kratos kanidm rauthy casdoor gluu fusionauth authing shibboleth
  simplesamlphp lemonldap ipsilon univention ucs ping pingidentity onelogin jumpcloud cognito azure azuread entra adfs ldap
  freeipa oidc oauth oauth2 openid saml saml2 cas jwt sso idp idps
  google gmail googlemail accounts apple appleid icloud microsoft microsoftonline windows live outlook hotmail office office365
  facebook twitter linkedin discord slack twitch reddit steam amazon aws amazonaws yahoo aol gmx web proton protonmail fastmail
  posteo mailbox github githubusercontent gitlab gitea forgejo codeberg bitbucket mastodon nextcloud owncloud wordpress discourse
  moodle django orcid edugain elixir
  matrix synapse element riot chat talk messenger messages im xmpp irc homeserver server host hosting cloud node
  login logins signin auth authentication authorization account identity ident id portal gate gateway proxy
  mail email smtp imap mx post webmail noreply www app apps api dev prod production stage staging test testing demo example
  invalid localhost local localdomain internal intern extern external lan home main default primary first second old new legacy
  staff student students employee employees user users member members people person guest guests admin admins team teams work
  company university school public private customer customers partner partners all everybody
  realm realms tenant tenants client application applications protocol connect common consumers organizations master
  com net org edu gov mil ac co info biz
  `
    .split(/\s+/u)
    .filter((word) => word !== ''),
)
