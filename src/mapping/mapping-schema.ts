import { z } from 'zod'

const accountRule = z.enum(['migrate', 'hold_back'])

/** The rules file as it is written. Unknown keys are refused: a misspelt rule would otherwise be ignored in silence. */
export const mappingSchema = z.strictObject({
  version: z.literal(1).default(1).describe('The version of this file’s format.'),
  accounts: z
    .strictObject({
      guests: accountRule.default('migrate').describe('People who came without registering. They bring no session.'),
      deactivated: accountRule.default('migrate').describe('Accounts that were closed. They stay closed.'),
      locked: accountRule.default('migrate').describe('Accounts that an administrator locked. They stay locked.'),
      without_login: accountRule
        .default('migrate')
        .describe('People with neither a password nor an SSO identity that the target will know.'),
    })
    .prefault({})
    .describe('What becomes of the accounts of each kind.'),
  ghosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Namespaces of application services, as PostgreSQL regular expressions over the whole Matrix id. Their users are held back like those that Synapse itself marks as an application service’s.',
    ),
  providers: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      'SSO providers: Synapse’s name (auth_provider) to the target’s (MAS: its synapse_idp_id), or to leave. A provider not named here keeps its name.',
    ),
  accept: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]+$/u, 'is no code of a finding'))
    .default([])
    .describe('Codes of warnings that are acknowledged.'),
})
