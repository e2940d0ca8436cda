import type { Setting, Settings } from '../config/settings.ts'
import { fileOfTarget } from '../config/value-kinds.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'

/** One target as the settings name it. */
export interface NamedTarget {
  readonly name: string
  /** Its own files, of those that are named. */
  readonly config?: Setting<readonly string[]>
  readonly mapping?: Setting<string>
}

/** Of which target nobody says anything it is MAS. */
const targetNames = (settings: Settings): readonly string[] => [...new Set(settings['target.name']?.value ?? ['mas'])]

/** Whether Keycloak and MAS are filled together. @throws Syn2opError usage for any other two. */
export const areTwo = (settings: Settings): boolean => {
  const names = targetNames(settings)
  if (names.length === 1) return false
  if (names.length === 2 && names.includes('mas') && names.includes('keycloak')) return true
  throw new Syn2opError('usage', `The targets ${names.join(', ')} cannot be filled together`, {
    next: [
      'Only these two can: --target keycloak --target mas. Keycloak logs people in to MAS, so each takes its part.',
      'To fill others, name one of them at a time.',
    ],
  })
}

/**
 * The only target.
 * @throws Syn2opError usage where two are named, for commands that are about one.
 */
export const onlyTarget = (settings: Settings): NamedTarget => {
  const [name = 'mas', ...others] = targetNames(settings)
  if (others.length === 0) return targetNamed(settings, name)
  throw new Syn2opError('usage', `This is done at one target, and several are named: ${[name, ...others].join(', ')}`, {
    next: [
      'Name the one that is meant: --target mas, or --target keycloak',
      'plan, migrate, verify and status are for both.',
    ],
  })
}

/**
 * One of the targets, with its own of the files: those that name it, and where it is alone those that name nobody.
 * @throws Syn2opError usage where a file does not say whose it is, or several mappings are named for one.
 */
export const targetNamed = (settings: Settings, name: string): NamedTarget => {
  const isAlone = targetNames(settings).length === 1
  const config = filesFor(name, { setting: settings['target.config'], flag: '--target-config', isAlone })
  const mapping = filesFor(name, { setting: settings.mapping, flag: '--mapping', isAlone })
  const [file, another] = mapping?.value ?? []
  if (another !== undefined) {
    throw new Syn2opError('usage', `${mapping?.origin} names several mappings for ${name}`, {
      next: ['Keep one of them.'],
    })
  }
  return {
    name,
    ...(config === undefined ? {} : { config }),
    ...(mapping === undefined || file === undefined ? {} : { mapping: { ...mapping, value: file } }),
  }
}

interface Files {
  readonly setting: Setting<readonly string[]> | undefined
  readonly flag: string
  readonly isAlone: boolean
}

const filesFor = (name: string, { setting, flag, isAlone }: Files): Setting<readonly string[]> | undefined => {
  if (setting === undefined) return undefined
  const files = setting.value.map(fileOfTarget)
  const nobodys = files.find(({ target }) => target === undefined)
  if (nobodys !== undefined && !isAlone) {
    throw new Syn2opError('usage', `${setting.origin} does not say whose ${nobodys.file} is`, {
      next: [`Of two targets each file is named with its target: ${flag} keycloak=FILE ${flag} mas=FILE`],
    })
  }
  const own = files.flatMap(({ target, file }) => (target === undefined || target === name ? [file] : []))
  return own.length === 0 ? undefined : { ...setting, value: own }
}
