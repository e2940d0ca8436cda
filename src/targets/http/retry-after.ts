/** What Retry-After asks for, in seconds or as a date; absent where it says neither. */
export const retryAfterOf = (
  value: string | undefined,
  now: () => number = Date.now,
): { readonly retryAfter?: number } => {
  if (value === undefined) return {}
  const milliseconds = /^\d{1,9}$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now()
  return Number.isNaN(milliseconds) ? {} : { retryAfter: Math.max(0, milliseconds) }
}
