/**
 * What was typed, made to go on with the run that it began: with all that was given but the as-of time, since a resumed
 * run keeps its own.
 * @param command word by word.
 */
export const resumeCommand = (command: readonly string[]): string => {
  const words = command.filter(
    (word, index) => word !== '--resume' && !/^--as-of(=|$)/u.test(word) && command[index - 1] !== '--as-of',
  )
  return typedCommand([...words, '--resume'])
}

/** Words as a shell reads them. */
export const typedCommand = (words: readonly string[]): string => words.map(shellWord).join(' ')

/** Where nobody knows what was typed. */
export const BARE_COMMAND: readonly string[] = ['syn2op', 'migrate']

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
