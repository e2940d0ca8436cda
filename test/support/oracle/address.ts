import { isIPv4, isIPv6 } from 'node:net'

/** A plain address as PostgreSQL prints it, null for every other text. */
export const printedAddress = (text: string | null): string | null => {
  if (text === null || text.includes('%') || text.includes('/')) return null
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return null
  // URLs write the shortest form, but an embedded IPv4 address in hexadecimal.
  return text.includes('.') ? text.toLowerCase() : new URL(`http://[${text}]/`).hostname.slice(1, -1)
}
