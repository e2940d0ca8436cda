/** Whom a homeserver takes the bearer of a token for; undefined: for nobody. */
export const whoami = async (homeserver: string, token: string): Promise<string | undefined> => {
  const answer = await fetch(new URL('_matrix/client/v3/account/whoami', homeserver), {
    headers: { authorization: `Bearer ${token}` },
  })
  const said = (await answer.json()) as { readonly user_id?: string }
  return answer.ok ? said.user_id : undefined
}
