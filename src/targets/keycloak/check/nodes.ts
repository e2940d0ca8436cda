import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { ServerInfo } from './seen.ts'

/** Judges every node that answered. What is said of all of them is said once, and of some of them, of how many. */
export const ofEveryNode = (
  servers: readonly ServerInfo[],
  judge: (server: ServerInfo | undefined) => readonly Finding[],
): readonly Finding[] => {
  if (servers.length < 2) return judge(servers[0])
  const told = new Map<string, { readonly one: Finding; readonly nodes: number }>()
  for (const one of servers.flatMap(judge)) {
    const key = `${one.code} ${one.message}`
    told.set(key, { one, nodes: (told.get(key)?.nodes ?? 0) + 1 })
  }
  const all = servers.length
  return [
    finding('KEYCLOAK_NODES', {
      message: `${all} nodes of Keycloak have answered, and each was looked at.`,
      count: all,
      remedy: [`Where it has more than ${all}, see that all of them have the same provider and pepper.`],
    }),
    ...[...told.values()].map(({ one, nodes }) =>
      nodes === all ? one : { ...one, message: `${one.message} So on ${nodes} of the ${all} nodes that answered.` },
    ),
  ]
}
