import { type Asked, confirmed, notAsked, refuted } from '../claim.ts'
import type { ProbeWithPassword } from '../probes.ts'
import type { Probing } from '../probing.ts'
import { inWords, isAbout } from '../refusals.ts'

/** Of a claim for which somebody has to log in. */
export const NO_APPLICATION = 'auth0.yaml names no `application` by which a password can be tried'

/** Why a claim about the hash of a probe is over before anybody logs in; undefined: the probe is there. */
export const withoutLogin = async ({ refusalOf }: Probing, probe: ProbeWithPassword): Promise<Asked | undefined> => {
  const refusal = await refusalOf(probe)
  if (refusal === undefined) return undefined
  const said = `the row was refused (${inWords(refusal)})`
  return isAbout(refusal, 'password_hash') ? refuted(said) : notAsked(said)
}

/** Whether a probe gets in by their password. @param seen what is confirmed by it */
export const getsIn = async (probing: Probing, probe: ProbeWithPassword, seen: string): Promise<Asked> => {
  const over = await withoutLogin(probing, probe)
  if (over !== undefined) return over
  const grant = await probing.login({ username: probe.email, password: probe.password })
  if (grant === undefined) return notAsked(NO_APPLICATION)
  if (grant.kind === 'granted') return confirmed(seen)
  const said = `the login was refused (${grant.error}: ${grant.words})`
  return grant.error === 'invalid_grant' ? refuted(said) : notAsked(said)
}
