import { randomUUID } from 'node:crypto'

/** What nobody was ever given. Its shape is no token's of any product, so that none looks it up for long. */
export const JUNK = 'syn2op-readiness-that-nobody-was-given'

/** A name that nobody has: only letters that each homeserver allows. */
export const JUNK_USER = 'syn2op-readiness-nobody'

export const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` })

/**
 * A token that was not even asked about before. Synapse keeps for two minutes what MAS said of one, of a refused one too: about
 * the same token it would go on answering when MAS is down.
 */
export const unheardOf = (): string => `${JUNK}-${randomUUID()}`
