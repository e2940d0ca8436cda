const LOCAL_PART =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10FFFF}-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10FFFF}-]+)*$/u
const LABEL = /^[A-Za-z0-9\u0080-\u{10FFFF}]([A-Za-z0-9\u0080-\u{10FFFF}-]{0,61}[A-Za-z0-9\u0080-\u{10FFFF}])?$/u
const TOP_LEVEL = /^([A-Za-z\u0080-\u{10FFFF}]{2,}|xn--[A-Za-z0-9-]{2,})$/u

/**
 * Dots, no quotes, a domain of two labels or more whose last has no digits, no address of a machine. So check the libraries that
 * Auth0's messages are known from.
 */
export const isEmailAddress = (text: string): boolean => {
  const at = text.lastIndexOf('@')
  const labels = text.slice(at + 1).split('.')
  return (
    at > 0 &&
    LOCAL_PART.test(text.slice(0, at)) &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label)) &&
    TOP_LEVEL.test(labels.at(-1) ?? '')
  )
}

/** With a scheme and a host. */
export const isUri = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && url.host !== '' && !/\s/u.test(text)
}
