/** How the steps before ended, as GitHub's status functions tell it. */
export type JobStatus = 'success' | 'failure' | 'cancelled'

export interface ExpressionContext {
  /** The text at a path such as `inputs.target`. Throws for one that is not there: GitHub would take it for empty. */
  readonly at: (path: readonly string[]) => string
  readonly status: JobStatus
}

type Value = string | boolean

const STATUS_FUNCTIONS = new Map<string, (status: JobStatus) => boolean>([
  ['always', () => true],
  ['success', (status) => status === 'success'],
  ['failure', (status) => status === 'failure'],
  ['cancelled', (status) => status === 'cancelled'],
])

const TOKEN = /\s*(?:'(?<text>(?:[^']|'')*)'|(?<sign>==|!=|&&|\|\||[().])|(?<word>[A-Za-z_][\w-]*))/y

type Token = { readonly kind: 'text' | 'sign' | 'word'; readonly value: string }

const tokensOf = (expression: string): readonly Token[] => {
  const tokens: Token[] = []
  const text = expression.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex
    const groups = TOKEN.exec(text)?.groups
    if (groups === undefined) throw new Error(`Not understood: “${text.slice(from)}” in ${expression}`)
    for (const kind of ['text', 'sign', 'word'] as const) {
      const value = groups[kind]
      if (value !== undefined) tokens.push({ kind, value: kind === 'text' ? value.replaceAll("''", "'") : value })
    }
  }
  return tokens
}

const isTrue = (value: Value): boolean => value !== false && value !== ''

/** The small part of GitHub's expressions that our files use; everything else throws. */
const parse = (expression: string, { at, status }: ExpressionContext): Value => {
  const tokens = tokensOf(expression)
  let next = 0
  const takes = (sign: string): boolean => {
    const token = tokens[next]
    if (token?.kind !== 'sign' || token.value !== sign) return false
    next += 1
    return true
  }
  const expects = (sign: string): void => {
    if (!takes(sign)) throw new Error(`“${sign}” is missing in ${expression}`)
  }
  const word = (): string => {
    const token = tokens[next]
    if (token?.kind !== 'word') throw new Error(`A name is missing in ${expression}`)
    next += 1
    return token.value
  }
  const primary = (): Value => {
    if (takes('(')) {
      const value = either()
      expects(')')
      return value
    }
    const token = tokens[next]
    if (token?.kind === 'text') {
      next += 1
      return token.value
    }
    const path = [word()]
    if (takes('(')) {
      expects(')')
      const tell = STATUS_FUNCTIONS.get(path[0] ?? '')
      if (tell === undefined) throw new Error(`No function ${path[0]} is known: ${expression}`)
      return tell(status)
    }
    while (takes('.')) path.push(word())
    return at(path)
  }
  // GitHub compares texts without their case.
  const same = (one: Value, other: Value): boolean => String(one).toLowerCase() === String(other).toLowerCase()
  const comparison = (): Value => {
    const one = primary()
    if (takes('==')) return same(one, primary())
    if (takes('!=')) return !same(one, primary())
    return one
  }
  const both = (): Value => {
    let value = comparison()
    while (takes('&&')) {
      const other = comparison()
      value = isTrue(value) ? other : value
    }
    return value
  }
  const either = (): Value => {
    let value = both()
    while (takes('||')) {
      const other = both()
      value = isTrue(value) ? value : other
    }
    return value
  }
  const value = either()
  if (next < tokens.length) throw new Error(`Not understood: “${tokens[next]?.value}” in ${expression}`)
  return value
}

/** A text with every `${{ … }}` in it evaluated. */
export const fillIn = (text: string, context: ExpressionContext): string => {
  const filled = text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(parse(expression, context)))
  if (/\$\{\{/.test(text.replaceAll(/\$\{\{(.*?)\}\}/gs, ''))) throw new Error(`An expression has no end: ${text}`)
  return filled
}

/** Whether a step with this `if` runs: without a status function in it, only where all before went well. */
export const runsIf = (condition: string | undefined, context: ExpressionContext): boolean => {
  if (condition === undefined) return context.status === 'success'
  const asksStatus = /\b(?:always|success|failure|cancelled)\s*\(/.test(condition)
  const holds = isTrue(parse(condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1'), context))
  return holds && (asksStatus || context.status === 'success')
}
