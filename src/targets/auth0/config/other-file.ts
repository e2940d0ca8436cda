import type { Located } from '../../../config/yaml/located.ts'
import type { Problem } from '../../../errors/syn2op-error.ts'

/** Files of other targets, by keys that each has and auth0.yaml has not. */
const OTHERS: readonly { readonly called: string; readonly target: string; readonly keys: readonly string[] }[] = [
  { called: 'keycloak.yaml', target: 'keycloak', keys: ['url', 'realm'] },
  { called: 'MAS’s config.yaml', target: 'mas', keys: ['matrix', 'database'] },
]

/** That a file is another target's, where it looks like one: what is wrong with each of its keys helps nobody then. */
export const otherFile = (root: Located | undefined): Problem | undefined => {
  if (root?.kind !== 'map') return undefined
  const other = OTHERS.find(({ keys }) => keys.every((key) => root.entries.has(key)))
  return other === undefined
    ? undefined
    : {
        message: `this looks like ${other.called}, not like auth0.yaml`,
        at: { file: root.at.file },
        remedy: `Name auth0.yaml with --target-config, or move to that target: --target ${other.target}`,
      }
}
