import { z } from 'zod'
import { PREDICTION_KINDS } from '../../accounts/predictions.ts'
import { count } from './parts.ts'

const seconds = z.number().min(0)
const sha256 = z.string().describe('A SHA-256 in hexadecimal.')

const providers = z
  .array(
    z.object({
      authProvider: z.string().describe('As in user_external_ids.auth_provider.'),
      identities: count.describe('Rows that name it, of accounts that migrate.'),
      accounts: count.describe('Accounts that have one of these identities.'),
      several: count.describe('Of these accounts, those that have two or more of them.'),
      atHomeserver: z.boolean().describe('Synapse’s configuration has it, switched on.'),
      decision: z.enum(['carry', 'leave', 'unknown']).describe('unknown: no provider of the target takes it.'),
      becomes: z.string().exactOptional().describe('The target’s provider that takes it.'),
      called: z.string().exactOptional().describe('What the target calls that one, where it is another name.'),
    }),
  )
  .describe('The SSO providers that the source’s rows name, or that its configuration has.')

const people = z
  .object({
    accounts: count,
    waysToLogIn: z.object({
      password: count,
      identity: count,
      both: count,
      reset: count.exactOptional().describe('With neither, but an address to set a password with.'),
      none: count,
    }),
    lastSeen: z.array(
      z.object({
        within: z.enum(['a day', 'a week', 'a month', 'three months', 'a year', 'longer', 'never']),
        accounts: count,
      }),
    ),
  })
  .describe('Of the accounts that migrate, but guests, closed and locked ones: how they log in, when they were seen.')

const forecast = z
  .object({
    seconds: seconds.describe('The whole run.'),
    downtimeSeconds: seconds.describe('Of these, those during which nobody can log in.'),
    phases: z.array(z.object({ phase: z.string(), seconds })),
    measured: z.array(z.object({ what: z.string(), rowsPerSecond: seconds })),
    basis: z.string().exactOptional().describe('From what it is told where nothing was measured.'),
    afterwards: z
      .array(z.object({ what: z.enum(['verify', 'rollback']), seconds }))
      .exactOptional()
      .describe('How long proving the result, and taking it back, would take.'),
  })
  .describe(
    'How long a run would take, from rates measured on this source and this target, or from what the target allows.',
  )

const predictions = z
  .array(
    z.object({
      what: z.enum(PREDICTION_KINDS),
      reason: z.string(),
      count,
    }),
  )
  .describe('What will be different for people afterwards; --report predictions=FILE has them one by one.')

const fingerprints = z
  .object({ source: sha256, target: sha256, mapping: sha256 })
  .describe('By what it is known again whether a plan is still the plan.')

const owners = z.string().describe('64-bit hashes of Matrix ids, big-endian, in ascending order, in base64.')

const decided = z
  .object({
    road: z.enum(['load', 'copy', 'merge']).describe('Into an empty target, a copy aside, or beside its people.'),
    rows: z
      .object({
        providers: z.array(
          z.object({
            authProvider: z.string(),
            target: z.string().nullable().describe('null: the mapping leaves its identities.'),
          }),
        ),
        target: z.array(z.string()),
      })
      .describe("By what the target's configuration decides about rows."),
    accounts: z.array(z.object({ reason: z.string().nullable().describe('null: they migrate.'), count, owners })),
    outcomes: z
      .array(
        z.object({
          outcome: z.enum(['created', 'updated', 'removed', 'held back']),
          reason: z.string().exactOptional().describe('Of those held back: what is in the way.'),
          count,
          owners,
        }),
      )
      .exactOptional()
      .describe('Where the target has people: of whom something would change there, or is in the way.'),
  })
  .describe('The decision about every account; only in a file that syn2op plan --out writes.')

/** What a plan has beside its counts. */
export const planParts = {
  providers: providers.exactOptional(),
  people: people.exactOptional(),
  forecast: forecast.exactOptional(),
  predictions: predictions.exactOptional(),
  fingerprints: fingerprints.exactOptional(),
  decided: decided.exactOptional(),
} as const
