/**
 * A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it. Matrix ids begin
 * with an @ and stay as they are, so that they can be looked up.
 */
export const guarded = (text: string): string =>
  /^[=+\-@\t\r]/u.test(text) && !/^@[^:()]+:/u.test(text) ? `'${text}` : text
