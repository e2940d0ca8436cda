import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { InstalledSynapse } from './install.ts'

const script = fileURLToPath(new URL('judge-settings.py', import.meta.url))

/** For each of the settings: null where Synapse's own parser takes them, else the text of its refusal. */
export const judgeSettings = async (
  { python }: InstalledSynapse,
  settings: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly (string | null)[]> => {
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(JSON.stringify(settings))
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`Synapse's parser failed: ${complaint}`)
  return JSON.parse(output) as readonly (string | null)[]
}
