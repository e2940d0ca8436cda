import { z } from 'zod'

const WORDS = { words: z.string() }

export const KEEPER = z.discriminatedUnion('kind', [
  /** People in the realm; with `idpAlias` those who are linked to that identity provider. */
  z.object({ kind: z.literal('people'), idpAlias: z.string().exactOptional(), ...WORDS }),
  /** Accounts that syn2op wrote, of whatever homeserver. */
  z.object({ kind: z.literal('accounts'), ...WORDS }),
  /** Sessions of a client, by its id. */
  z.object({ kind: z.literal('sessions'), client: z.string(), ...WORDS }),
  /** What is in the realm and neither Keycloak's own nor taken back with it. */
  z.object({ kind: z.literal('contents'), ...WORDS }),
])

/** Who would lose something by taking a step back, and what: while there is one, it stays. */
export type Keeper = Readonly<z.infer<typeof KEEPER>>
