import { z } from 'zod'
import { acceptSchema } from './accept-schema.ts'
import { cohortsSchema } from './cohort-schema.ts'
import { attributesSchema, emailsSchema, usernamesSchema } from './naming-schema.ts'

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
      bots: accountRule
        .default('migrate')
        .describe(
          'Accounts that Synapse marks as a bot or as support (user_type), and the own users of application services.',
        ),
    })
    .prefault({})
    .describe('What becomes of the accounts of each kind.'),
  ghosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Namespaces of application services, as PostgreSQL regular expressions over the whole Matrix id. Their users are held back like those that Synapse itself marks as an application service’s.',
    ),
  registrations: z
    .enum(['none', 'exclusive', 'all'])
    .default('none')
    .describe(
      'Takes the namespaces of users in the registration files of application services for ghosts too: those that are exclusive, or all of them.',
    ),
  usernames: usernamesSchema.describe('How the username at the target is made. MAS makes it of the localpart, always.'),
  emails: emailsSchema.describe('The e-mail addresses of an account.'),
  attributes: attributesSchema,
  providers: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      'SSO providers: Synapse’s name (auth_provider) to the target’s (MAS: its synapse_idp_id), or to leave. A provider not named here keeps its name.',
    ),
  conflicts: z
    .strictObject({
      username: z
        .enum(['hold_back', 'adopt'])
        .default('hold_back')
        .describe(
          'The target has an account of this name that syn2op did not write. adopt: it is the same person, and gets what it lacks.',
        ),
      email: z
        .enum(['hold_back', 'leave'])
        .default('hold_back')
        .describe('The e-mail belongs to another account there. leave: the address stays behind, the account moves.'),
      identity: z
        .enum(['hold_back', 'leave'])
        .default('hold_back')
        .describe(
          'The SSO identity is linked to another account there. leave: the link stays behind, the account moves.',
        ),
    })
    .prefault({})
    .describe('What becomes of an account that meets what belongs to somebody else at the target.'),
  cohorts: cohortsSchema
    .default([])
    .describe(
      'Parts of the accounts, to be migrated one after the other. An account is in the first one that it matches; the cohort `rest` takes all others, and all who come later.',
    ),
  accept: acceptSchema
    .default([])
    .describe(
      'Warnings that are acknowledged: a code, or a section that also says why and until when. They stay in every report. Errors cannot be accepted, and notices need not be.',
    ),
})
