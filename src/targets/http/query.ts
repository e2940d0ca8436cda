export type Query = Readonly<Record<string, string | number | boolean>>

/** The part of an address from its question mark on; empty where nothing is asked. */
export const queryOf = (query: Query = {}): string => {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value).toWellFormed())}`,
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
