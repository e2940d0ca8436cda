import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** A program that stands for syn2op: it writes down how it was called, writes the reports, and ends as it is told. */
export interface FakeSyn2op {
  /** The folder to put on PATH. */
  readonly bin: string
  /** Every call so far, with its arguments. */
  readonly calls: () => Promise<readonly (readonly string[])[]>
  /** Says it when a rehearsal has begun that only a signal ends. */
  readonly begun: string
}

const BODY = (folder: string, code: number | 'until-told'): string => `#!/usr/bin/env node
const { appendFileSync, writeFileSync } = require('node:fs')
const words = process.argv.slice(2)
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(words) + '\\n')
if (words.includes('--version')) {
  console.log('syn2op/0.0.0-fake')
  process.exitCode = Number(process.env['FAKE_VERSION_CODE'] ?? 0)
}
else if (words.includes('--clean=dead')) process.exitCode = Number(process.env['FAKE_CLEAN_CODE'] ?? 0)
else {
  const code = ${JSON.stringify(code)}
  const times = Number(process.env['FAKE_REPORT_TIMES'] ?? 1)
  if (code === 'until-told') {
    const timer = setInterval(() => {}, 1000)
    process.on('SIGTERM', () => { process.exitCode = 130; clearInterval(timer) })
    writeFileSync(${JSON.stringify(join(folder, 'begun'))}, '')
  } else {
    if (code === 0 || code === 12) {
      words.forEach((word, at) => {
        if (words[at - 1] === '--report') writeFileSync(word.slice(word.indexOf('=') + 1), ('report of ' + code + '\\n').repeat(times))
      })
    }
    process.exitCode = code
  }
}
`

/** Makes it in a folder. */
export const fakeSyn2op = async (folder: string, code: number | 'until-told'): Promise<FakeSyn2op> => {
  const bin = join(folder, 'bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'syn2op'), BODY(folder, code))
  await chmod(join(bin, 'syn2op'), 0o755)
  const calls = async (): Promise<readonly (readonly string[])[]> => {
    const text = await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as readonly string[])
  }
  return { bin, calls, begun: join(folder, 'begun') }
}
