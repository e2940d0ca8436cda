import { visible } from '../../terminal/visible.ts'

/**
 * A text as it can stand in a paragraph, a heading or a cell, with nothing in it that Markdown or the HTML in it obeys.
 * Names and addresses with an @ become code, since a forge would else take them for people of its own and tell them.
 * Source: CommonMark 0.31, 2.4 (ASCII punctuation may have a backslash before it); in GitHub's tables a bar ends a cell.
 */
export const escapeMarkdown = (text: string): string =>
  visible(text)
    .split(/([^\s,;()]*@[^\s,;()]+)/u)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part) : plain(part)))
    .join('')
    // At the start of a line these begin a list or an underline of a heading.
    .replace(/^(?=[-+=])/u, '\\')
    .replace(/^(\d+)([.)])/u, String.raw`$1\$2`)

const plain = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>#|~!&$@]/gu, String.raw`\$&`)
    .replaceAll('://', String.raw`:\//`)
    .replace(/\bwww\./giu, String.raw`www\.`)

/** A text in a code span, whatever backticks it holds; of nothing, nothing. A bar would end the cell of a table. */
export const codeSpan = (text: string): string => {
  const shown = visible(text).replaceAll('|', '¦')
  if (shown.trim() === '') return ''
  const fence = '`'.repeat(longestRun([shown]) + 1)
  const space = /^`|`$|^ .* $/u.test(shown) ? ' ' : ''
  return `${fence}${space}${shown}${space}${fence}`
}

/** Lines to type, fenced by more backticks than any of them holds. */
export const codeBlock = (lines: readonly string[]): string => {
  const fence = '`'.repeat(Math.max(2, longestRun(lines)) + 1)
  return [fence, ...lines, fence].join('\n')
}

const longestRun = (texts: readonly string[]): number =>
  Math.max(0, ...texts.flatMap((text) => (text.match(/`+/gu) ?? []).map((run) => run.length)))
