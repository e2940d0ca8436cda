import type { Source } from './rule.ts'

/** Pages that several rules quote. */
const PAGES = {
  imports: ['Bulk Import User Data into Auth0 Database Connections', 'manage-users/user-migration/bulk-user-imports'],
  exports: ['Bulk Export User Data', 'manage-users/user-migration/bulk-user-exports'],
  /** What it said until 2021, in more words than today's. */
  olderExports: ['Bulk User Exports (2021)', 'https://auth0.com/docs/users/guides/bulk-user-exports'],
  sharedEmails: ['Non-Unique Emails', 'authenticate/database-connections/non-unique-emails'],
  limits: ['Rate Limit Policy', 'troubleshoot/customer-support/operational-policies/rate-limit-policy'],
  limitUses: [
    'Rate Limit Use Cases',
    'troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-use-cases',
  ],
  limitsOfFree: [
    'Rate limits: Free',
    'troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations/free-public',
  ],
  limitsOfEssentials: [
    'Rate limits: Essentials and Professional',
    'troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations/essentials-professional-b2b',
  ],
  limitsOfEnterprise: [
    'Rate limits: Enterprise',
    'troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations/enterprise-public',
  ],
  /** What the documentation of imports said until 2021, in more words than today's. */
  olderImports: [
    'Bulk User Imports (2020)',
    'https://github.com/auth0/docs/blob/master/articles/users/guides/bulk-user-imports.md',
  ],
} as const satisfies Record<string, readonly [string, string]>

export const documented = (page: keyof typeof PAGES, quote: string): Source => ({
  title: PAGES[page][0],
  page: PAGES[page][1],
  quote,
  grade: 'documented',
})

/** The quote is the part of the OpenAPI document that says so. */
export const specified = (operation: string, quote: string): Source => ({
  title: `Management API, ${operation}`,
  page: 'oas/management/v2/management-api-oas.json',
  quote,
  grade: 'specified',
})

/** By the pages of Auth0's community that its staff writes, or its support. */
export const article = (title: string, page: string, quote: string): Source => ({
  title,
  page,
  quote,
  grade: 'support article',
})

export const seenByOthers = (title: string, page: string, quote: string): Source => ({
  title,
  page,
  quote,
  grade: 'seen by others',
})

/** Where nobody says it in words: what is quoted comes nearest. */
export const inferred = (source: Source): Source => ({ ...source, grade: 'inferred' })
