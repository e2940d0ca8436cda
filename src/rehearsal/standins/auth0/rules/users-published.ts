import type { Source } from './rule.ts'

/** Pages of users, connections and logins that several rules quote. */
const PAGES = {
  list: ['List or Search Users', 'api/management/v2/users/get-users'],
  create: ['Create a User', 'api/management/v2/users/post-users'],
  update: ['Update a User', 'api/management/v2/users/patch-users-by-id'],
  byEmail: ['Search Users by Email', 'api/management/v2/users-by-email/get-users-by-email'],
  byId: ['How to Get Specific Users by Auth0 ID or Email', 'manage-users/user-search/get-users-by-id-or-email'],
  search: ['How to List and Search Users with Search Queries', 'manage-users/user-search/list-and-search-users'],
  profile: ['User Profile Structure', 'manage-users/user-accounts/user-profiles/user-profile-structure'],
  metadata: ['Manage Metadata Using the Management API', 'manage-users/user-accounts/metadata/manage-metadata-api'],
  blocks: [
    'How to Block and Unblock Users as a Tenant Administrator',
    'manage-users/user-accounts/block-and-unblock-users',
  ],
  linking: ['User Account Linking', 'manage-users/user-accounts/user-account-linking'],
  unlinking: ['Unlink User Accounts', 'manage-users/user-accounts/user-account-linking/unlink-user-accounts'],
  link: ['Link a User Account', 'api/management/v2/users/post-identities'],
  connection: ['Update a Connection', 'api/management/v2/connections/patch-connections-by-id'],
  connectionClients: ['Update Enabled Clients for a Connection', 'api/management/v2/connections/patch-clients'],
  connectionOptions: [
    'Migrate to Management API Connection Options Scopes',
    'troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-connection-options-scope',
  ],
  newConnection: ['Create a Connection', 'api/management/v2/connections/post-connections'],
  connectionGone: ['Delete a Connection', 'api/management/v2/connections/delete-connections-by-id'],
  scim: ['Configure Inbound SCIM', 'authenticate/protocols/scim/configure-inbound-scim'],
  scimSubject: [
    'Configure Inbound SCIM for Identity Providers using SAML or OpenID',
    'authenticate/protocols/scim/configure-inbound-scim-for-identity-providers-using-saml-or-openid',
  ],
  scimEntra: [
    'Inbound SCIM for Azure AD Connections',
    'authenticate/protocols/scim/inbound-scim-for-new-azure-ad-connections',
  ],
  managementToken: [
    'Get Management API Access Tokens for Production',
    'secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production',
  ],
  passwordGrant: [
    'Call Your API Using Resource Owner Password Flow',
    'get-started/authentication-and-authorization-flow/resource-owner-password-flow/call-your-api-using-resource-owner-password-flow',
  ],
  bruteForce: ['Brute-Force Protection', 'secure/attack-protection/brute-force-protection'],
  libraryErrors: ['Common Auth0 Library Authentication Errors', 'libraries/common-auth0-library-authentication-errors'],
  action: ['Create an Action', 'api/management/v2/actions/post-action'],
  deployment: ['Deploy an Action', 'api/management/v2/actions/post-deploy-action'],
  bindings: ['Update Trigger Bindings', 'api/management/v2/actions/patch-bindings'],
  roles: ['View Roles Assigned to Users', 'manage-users/access-control/configure-core-rbac/rbac-users/view-user-roles'],
  permissions: [
    'View Permissions Assigned to Users',
    'manage-users/access-control/configure-core-rbac/rbac-users/view-user-permissions',
  ],
  logs: ['Retrieve Logs Using the Management API', 'deploy-monitor/logs/retrieve-log-events-using-mgmt-api'],
  logTypes: ['Log Event Type Codes', 'deploy-monitor/logs/log-event-type-codes'],
  actionGuidelines: ['Action Coding Guidelines', 'customize/actions/action-coding-guidelines'],
  actionEvent: ['Actions Triggers: post-login - Event Object', 'actions/reference/post-login/post-login-event-object'],
  actionApi: ['Actions Triggers: post-login - API Object', 'actions/reference/post-login/post-login-api-object'],
} as const satisfies Record<string, readonly [string, string]>

export const says = (page: keyof typeof PAGES, quote: string): Source => ({
  title: PAGES[page][0],
  page: PAGES[page][1],
  quote,
  grade: 'documented',
})

/** The quote is the part of the OpenAPI document of the Authentication API that says so. */
export const specifiedByAuthentication = (quote: string): Source => ({
  title: 'Authentication API, POST /oauth/token',
  page: 'oas/authentication/authentication-api-oas.json',
  quote,
  grade: 'specified',
})
