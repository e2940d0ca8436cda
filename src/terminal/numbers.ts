/** Numbers for people. English forms whatever the machine's locale, so that the same input gives the same text. */

const INTEGER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `1234567` → `1,234,567`. Fractions are rounded. */
export const formatInteger = (value: number | bigint): string => INTEGER.format(value)

const BYTE_UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'] as const

/** Three significant digits at least, none wasted: 9.87, 98.7, 987. */
const shortNumber = (value: number): string =>
  value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : INTEGER.format(value)

/** Bytes with decimal units: `512 B`, `1.50 KB`, `98.7 MB`, `1.20 GB`. 1 KB is 1,000 bytes. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1000) return `${INTEGER.format(bytes)} B`
  let value = bytes / 1000
  let unit = 0
  // 999.5 would print as 1,000 of the smaller unit.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${shortNumber(value)} ${BYTE_UNITS[unit]}`
}

/** `340 ms`, `1.2 s`, `12 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export const formatDuration = (milliseconds: number): string => {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole < 1000) return `${whole} ms`
  if (whole < 9950) return `${(whole / 1000).toFixed(1)} s`
  const seconds = Math.round(whole / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const twoUnits = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${INTEGER.format(large)} ${largeUnit}` : `${INTEGER.format(large)} ${largeUnit} ${small} ${smallUnit}`

/** Things per second: `12,400/s`; below 10 with one digit after the point. Empty when no time has passed. */
export const formatRate = (count: number, milliseconds: number): string => {
  if (milliseconds <= 0) return ''
  const rate = (count * 1000) / milliseconds
  return rate > 0 && rate < 9.95 ? `${rate.toFixed(1)}/s` : `${INTEGER.format(rate)}/s`
}

/**
 * A share in percent: `68 %`. Never `0 %` of something, never `100 %` of less than everything.
 * Of nothing (whole 0), the empty string.
 */
export const formatPercent = (part: number, whole: number): string => {
  if (whole <= 0) return ''
  const percent = (part / whole) * 100
  if (part > 0 && percent < 0.5) return '<1 %'
  if (part < whole && percent > 99.4) return '>99 %'
  return `${Math.round(percent)} %`
}

/** `1 account`, `2 accounts`. */
export const formatCount = (count: number, one: string, many: string): string =>
  `${formatInteger(count)} ${count === 1 ? one : many}`
