/** Users in one partialImport: Keycloak's time for one grows with its square, and few more than these pay for a request. */
const CHUNK = 20

/** Keycloak takes no body of more than 10 MiB; what surrounds the users is small. */
const CHUNK_BYTES = 8 * 1024 * 1024

/** Cuts users into requests of a number and a size that Keycloak takes; one who is larger than that goes alone. */
export const chunksOf = <User>(users: readonly User[]): readonly (readonly User[])[] => {
  const chunks: User[][] = []
  let room = 0
  for (const user of users) {
    const bytes = Buffer.byteLength(JSON.stringify(user))
    const last = chunks.at(-1)
    if (last === undefined || last.length === CHUNK || bytes > room) {
      chunks.push([user])
      room = CHUNK_BYTES - bytes
    } else {
      last.push(user)
      room -= bytes
    }
  }
  return chunks
}
