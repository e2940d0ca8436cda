import type { Readable } from 'node:stream'

const MOST = 50

/** Keeps the last lines of a program's output. */
export const lastLines = (): { readonly add: (stream: Readable) => void; readonly lines: () => readonly string[] } => {
  const lines: string[] = []
  let rest = ''
  const add = (stream: Readable): void => {
    stream.on('data', (data: unknown) => {
      const parts = `${rest}${String(data)}`.split(/\r?\n/u)
      rest = parts.pop() ?? ''
      lines.push(...parts.filter((line) => line.trim() !== ''))
      lines.splice(0, Math.max(0, lines.length - MOST))
    })
    stream.on('error', () => {})
  }
  return { add, lines: () => (rest.trim() === '' ? [...lines] : [...lines, rest]) }
}
