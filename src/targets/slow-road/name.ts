/** What only one user has: a username, an address, or who they are at a provider; of which kind it is among its letters. */
export type Name = string
