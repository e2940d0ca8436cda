import { acceptFindings } from '../findings/accept.ts'
import { connect } from '../postgres/connect.ts'
import { describeSettings } from '../postgres/settings.ts'
import type { LinkDocument } from '../report/link-document.ts'
import { syn2opVersion } from '../version.ts'
import { chooseProvider } from './choose-provider.ts'
import type { LinkRequest } from './link.ts'
import { onlyAtMas } from './link-findings.ts'
import { whoIsLinked, whoIsShutOut } from './who-is-linked.ts'

/**
 * Looks whom links would lead to and by which provider, while the table of links is not in its place.
 * @throws Syn2opError those of the ends.
 */
export const lookAtProvider = async (request: LinkRequest): Promise<LinkDocument> => {
  const { homeserver, place, authProvider, issuer, whom, cohort, accept, mapping, signal, asOf = Date.now() } = request
  const linked = await whoIsLinked(request, { whom })
  const { accounts, issuers } = linked
  const shutOut = request.refused === undefined ? [] : whoIsShutOut(linked, { whom, refused: request.refused })
  const { provider, findings } = chooseProvider(place, {
    issuers: [...new Set([issuer, ...issuers])],
    asked: authProvider,
  })
  const client = await connect(place.settings, { applicationName: 'syn2op link', access: 'read-only', signal })
  try {
    const readiness = provider === undefined ? [] : await place.readiness(client, provider)
    return {
      kind: 'link',
      format: 1,
      syn2op: syn2opVersion(),
      serverName: homeserver.serverName,
      asOf: new Date(asOf).toISOString(),
      action: 'look',
      to: { product: place.product, location: describeSettings(place.settings), table: place.table },
      ...(provider === undefined ? {} : { provider: { id: provider.id, name: provider.name } }),
      ...(cohort === undefined ? {} : { cohort }),
      accounts: accounts.length,
      findings: acceptFindings([...findings, ...readiness, ...onlyAtMas(shutOut, whom)], {
        flags: accept,
        rules: mapping.accept,
        asOf,
        now: Date.now(),
      }),
      next: [],
    }
  } finally {
    await client.end().catch(() => {})
  }
}
