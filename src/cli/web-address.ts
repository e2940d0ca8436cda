import { Syn2opError } from '../errors/syn2op-error.ts'

/**
 * An address of the web that a flag names. Secrets are sent there, or people: it must be the web, and hold no secret itself.
 * @throws Syn2opError usage
 */
export const webAddress = (text: string, flag: string): string => {
  const url = URL.parse(text)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (isWeb && url.username === '' && url.password === '') return url.href
  throw new Syn2opError('usage', `${flag} is no address such as https://matrix.example.org`, {
    next: ['Give the address with https:// before it, and without user and password.'],
  })
}
