import { v5 } from 'uuid'

/** Never to change: every id of every realm follows from it. */
const SYN2OP = '2eef7e59-ea4e-4dd6-9c57-f27cf39dfa30'

/**
 * The id of an account's user, which is the `sub` of its tokens: known before the load, and the same in every run. Keycloak
 * wants ids that no other of its realms has, so the realm is part of it.
 */
export const userIdOf = (realm: string, mxid: string): string => v5(`${realm}\n${mxid}`, SYN2OP)
