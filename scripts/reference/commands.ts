import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Command, Plugin, settings } from '@oclif/core'
import { code, pageHead, table } from './markdown.ts'

type Flag = Command.Flag.Cached

/** Every command as oclif sees it, read from src/. */
const loadCommands = async (): Promise<readonly Command.Cached[]> => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  settings.enableAutoTranspile = false
  const plugin = new Plugin({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
    pjson: JSON.parse(text.replaceAll('"./dist/', '"./src/')),
  })
  await plugin.load()
  return Object.values(plugin.manifest.commands)
    .filter(({ hidden }) => !hidden)
    .toSorted((a, b) => a.id.localeCompare(b.id))
}

const flagName = (flag: Flag): string => {
  const short = flag.char === undefined ? '' : `-${flag.char}, `
  if (flag.type === 'boolean') return code(`${short}--${flag.allowNo ? '[no-]' : ''}${flag.name}`)
  const value = flag.options?.join('|') ?? (typeof flag.helpValue === 'string' ? flag.helpValue : 'VALUE')
  return code(`${short}--${flag.name} ${value}`)
}

const flagText = (flag: Flag): string => {
  const notes = [
    flag.required === true ? 'Required.' : '',
    typeof flag.default === 'string' || typeof flag.default === 'number'
      ? `Default: ${code(String(flag.default))}.`
      : '',
  ]
  return [flag.summary ?? flag.description ?? '', ...notes]
    .filter((part) => part !== '')
    .join('. ')
    .replace('..', '.')
}

const flagTable = (flags: readonly Flag[]): string =>
  table(
    ['Flag', 'Meaning'],
    flags.map((flag) => [flagName(flag), flagText(flag)]),
  )

const isGlobal = (flag: Flag): boolean => flag.helpGroup === 'GLOBAL'

const expand = (text: string, id: string): string =>
  text.replaceAll('<%= config.bin %>', 'syn2op').replaceAll('<%= command.id %>', id.replaceAll(':', ' '))

const exampleOf = (example: Command.Example, id: string): string =>
  typeof example === 'string'
    ? expand(example, id)
    : `# ${expand(example.description, id)}\n${expand(example.command, id)}`

const commandSection = (command: Command.Cached): string => {
  const own = Object.values(command.flags).filter((flag) => !isGlobal(flag) && flag.hidden !== true)
  const examples = (command.examples ?? []).map((example) => exampleOf(example, command.id))
  return [
    `## syn2op ${command.id.replaceAll(':', ' ')}`,
    [command.summary, command.description]
      .filter((text) => text !== undefined)
      .map((text) => expand(text, command.id))
      .join('\n\n'),
    ...(own.length === 0 ? [] : [flagTable(own)]),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``]),
  ].join('\n\n')
}

/** docs/reference/commands.md, from the commands' own classes. */
export const commandsPage = async (): Promise<string> => {
  const commands = await loadCommands()
  const shared = new Map(
    commands.flatMap((command) =>
      Object.values(command.flags)
        .filter((flag) => isGlobal(flag))
        .map((flag) => [flag.name, flag]),
    ),
  )
  return [
    pageHead('Commands'),
    ...commands.map((command) => commandSection(command)),
    '## Flags of every command',
    flagTable([...shared.values()]),
    '',
  ]
    .join('\n\n')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trimEnd()
    .concat('\n')
}
