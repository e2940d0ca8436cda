import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Setting, Settings } from '../config/settings.ts'
import type { Finding } from '../findings/finding.ts'
import type { GivenDatabase } from '../init/facts.ts'
import type { InitEnds } from '../init/gather.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { urlHasPassword } from '../postgres/url.ts'
import { homeserverOf, migrationRequest, overridden, type RequestContext, sourceOf } from './migration-request.ts'
import { onlyTarget } from './targets.ts'

/** Where packages of Synapse put its configuration, and the folder that the Debian package reads over it. */
const USUAL: readonly (readonly string[])[] = [
  ['etc/matrix-synapse/homeserver.yaml', 'etc/matrix-synapse/conf.d'],
  ['etc/synapse/homeserver.yaml'],
]

interface Places {
  /** The working folder. */
  readonly folder: string
  /** Of the file system. */
  readonly root?: string
}

/** The settings, with the configuration of Synapse in the working folder, or where it usually is, when nobody named it. */
export const withUsualConfig = (settings: Settings, { folder, root = '/' }: Places): Settings => {
  if (settings['synapse.config'] !== undefined) return settings
  const places = [
    [resolve(folder, 'homeserver.yaml')],
    ...USUAL.map((files) => files.map((file) => resolve(root, file))),
  ]
  for (const [main = '', ...over] of places) {
    if (!existsSync(main)) continue
    return { ...settings, 'synapse.config': { value: [main, ...over.filter(hasFiles)], origin: 'where it usually is' } }
  }
  return settings
}

/** An empty folder is none: Synapse reads nothing from it. */
const hasFiles = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.yaml'))

/**
 * Both ends as `init` looks at them: Synapse's configuration read, nothing connected yet.
 * @throws Syn2opError usage, config.invalid or config.unreadable where Synapse's configuration cannot be read.
 */
export const initEnds = async (context: RequestContext): Promise<InitEnds> => {
  const { settings, signal } = context
  const homeserver = await homeserverOf(settings)
  let staged: ReturnType<RequestContext['stage']> | undefined
  const stage: RequestContext['stage'] = (file) => {
    staged ??= context.stage(file)
    return staged
  }
  // What is there is looked at by the rules that come along, and nothing is acknowledged yet.
  const { accept: _, mapping: __, ...plain } = settings
  const request = (): Promise<MigrationRequest> => migrationRequest({ ...context, settings: plain, stage })
  const { name, config } = onlyTarget(settings)
  const configFiles = config?.value ?? []
  // Somebody else's target may need no configuration.
  const isGiven = name !== 'mas' || configFiles.length > 0
  return {
    homeserver,
    synapseConfig: settings['synapse.config']?.value ?? homeserver.files,
    ...given('synapseDatabase', settings['synapse.database']),
    ...given('targetDatabase', settings['target.database']),
    target: { name, configFiles },
    source: async () => (await sourceOf(homeserver, stage)).source,
    providers: isGiven ? () => providersOf(settings, request) : undefined,
    check: isGiven ? async (mapping) => findingsOf({ ...(await request()), mapping }) : undefined,
    asOf: settings.asOf === undefined ? Date.now() : Date.parse(settings.asOf.value),
    signal,
  }
}

const given = <Key extends string>(
  key: Key,
  setting: Setting<string> | undefined,
): { readonly [Each in Key]?: GivenDatabase } =>
  setting === undefined ? {} : ({ [key]: givenBy(setting) } as { [Each in Key]: GivenDatabase })

const givenBy = ({ value, origin, at, secretFile }: Setting<string>): GivenDatabase => {
  if (secretFile !== undefined) return { file: secretFile }
  if (!urlHasPassword(value)) return { url: value }
  return { secretFrom: origin, ...(at === undefined ? {} : { settingsFile: at.file }) }
}

const findingsOf = async (request: MigrationRequest): Promise<readonly Finding[]> => {
  const { check } = await import('../migration/check.ts')
  return (await check(request)).findings
}

/** MAS's stand in its configuration, so that its database need not be reached. */
const providersOf = async (
  settings: Settings,
  request: () => Promise<MigrationRequest>,
): Promise<readonly string[]> => {
  const { name, config } = onlyTarget(settings)
  if (name === 'mas') {
    const { loadMasConfig } = await import('../targets/mas/config/load-mas-config.ts')
    const { providers } = await loadMasConfig(config?.value ?? [], await overridden(settings['target.database']))
    return providers.flatMap(({ synapseIdpId }) => (synapseIdpId === undefined ? [] : [synapseIdpId]))
  }
  const { openTarget, signal } = await request()
  const target = await openTarget(signal)
  try {
    return target.providers.map(({ authProvider }) => authProvider)
  } finally {
    await target.close()
  }
}
