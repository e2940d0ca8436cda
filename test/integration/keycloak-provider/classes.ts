import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findJdk, PROVIDER_FOLDER } from '../../../scripts/keycloak-provider/compile.ts'

/** Runs a program to its end with this input. @throws Error with what it says on stderr. */
export const outputOf = (command: string, args: readonly string[], input = '', folder?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder })
    const said = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(said.stdout)
      else reject(new Error(`${command} ended with ${code}: ${said.stdout}${said.stderr}`))
    })
    child.stdin.end(input)
  })

/** The classes of the committed jar, in a JVM beside BouncyCastle and what Keycloak knows of itself. */
export interface ProviderClasses {
  /** A line for each question; see Ask.java. */
  readonly ask: (lines: readonly string[]) => Promise<readonly string[]>
  readonly remove: () => Promise<void>
}

/** A text as Ask.java reads it. */
export const asHex = (text: string): string =>
  `x${Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join('')}`

export const openProviderClasses = async (): Promise<ProviderClasses> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-provider-classes-'))
  await cp(join(PROVIDER_FOLDER, 'pom.xml'), join(folder, 'pom.xml'))
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
  await outputOf('mvn', ['-q', '-B', plugin, '-DincludeArtifactIds=bcprov-jdk18on,keycloak-common'], '', folder)
  const jdk = (await findJdk()) ?? ''
  const paths = [join(PROVIDER_FOLDER, 'synapse-bcrypt.jar'), join(folder, 'target', 'dependency', '*'), folder]
  const source = fileURLToPath(new URL('Ask.java', import.meta.url))
  await outputOf(join(jdk, 'bin', 'javac'), ['-cp', paths.join(delimiter), '-d', folder, source])
  return {
    ask: async (lines) => {
      const args = ['-cp', paths.join(delimiter), 'syn2op.keycloak.Ask']
      const answers = await outputOf(join(jdk, 'bin', 'java'), args, lines.map((line) => `${line}\n`).join(''))
      return answers.trimEnd().split('\n')
    },
    remove: () => rm(folder, { recursive: true }),
  }
}
