/** A text as JSON can hold it and Auth0 gives it back. @returns undefined for what is blank. */
export const storedText = (text: string): string | undefined => {
  const clean = text.replaceAll('\0', '').toWellFormed()
  return clean.trim() === '' ? undefined : clean
}
