/** Replaces the password in every URL of a text, `scheme://user:password@host`, and the value of every `password=`. */
export const redactUrls = (text: string): string =>
  text
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/]*@/giu, '$1:…@')
    .replaceAll(/(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&'"]+)/giu, '$1…')
