import type { Located, LocatedMap } from '../config/yaml/located.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { NamedDatabase } from './homeserver.ts'
import { isPresent } from './yaml-truth.ts'

/** What Synapse can put into a database of its own; without `data_stores` a database holds both. */
const STORES = ['main', 'state'] as const

/**
 * Which database of `databases` holds which stores, the one with the accounts first. What Synapse would not start with is
 * pushed onto `problems`; a store that it does not know it ignores, so that such a name is told only where another is
 * missing. Source: Synapse's configuration manual ("databases"); tried with 1.163.2.
 */
export const readDataStores = (several: LocatedMap, problems: Problem[]): readonly NamedDatabase[] => {
  const databases = [...several.entries].map(([name, value]) => ({ name, at: value.at, ...storesOf(name, value) }))
  for (const store of STORES) {
    const [first, ...others] = databases.filter(({ dataStores }) => dataStores.includes(store))
    if (first === undefined) {
      problems.push({ message: `no database of \`databases\` has the data store ${store}`, at: several.at })
      problems.push(...databases.flatMap(({ unknown }) => unknown))
    }
    problems.push(
      ...others.map(({ name, at }) => ({
        message: `\`databases.${first?.name}\` and \`databases.${name}\` both have the data store ${store}`,
        at,
        remedy: 'Give each store to one database',
      })),
    )
  }
  return databases
    .map(({ name, dataStores }) => ({ name, dataStores }))
    .toSorted((a, b) => Number(b.dataStores.includes('main')) - Number(a.dataStores.includes('main')))
}

interface Stores {
  readonly dataStores: readonly string[]
  readonly unknown: readonly Problem[]
}

const storesOf = (name: string, database: Located): Stores => {
  const given = database.kind === 'map' ? database.entries.get('data_stores') : undefined
  if (!isPresent(given)) return { dataStores: STORES, unknown: [] }
  const items = given.kind === 'list' ? given.items : [given]
  const texts = items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''))
  // Where it is one text and no list, Synapse looks for the name in it.
  const has = (store: string): boolean =>
    given.kind === 'list' ? texts.includes(store) : texts.some((text) => text.includes(store))
  return {
    dataStores: STORES.filter(has),
    unknown: items
      .filter((_, index) => !STORES.some((store) => texts[index]?.includes(store)))
      .map(({ at }) => ({ message: `\`databases.${name}.data_stores\`: the stores are main and state`, at })),
  }
}
