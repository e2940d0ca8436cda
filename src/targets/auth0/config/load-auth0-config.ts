import { readFiles } from '../../../config/yaml/read-files.ts'
import { type Section, sectionOver } from '../../../config/yaml/section.ts'
import { reportUnknownKeys, under } from '../../../config/yaml/values.ts'
import { type Problem, Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Auth0Config, Auth0Plan } from './auth0-config.ts'
import { readChoice } from './choice.ts'
import { otherFile } from './other-file.ts'
import { readConnectionName, readProviders } from './providers.ts'
import { readApplication, readClient, readRate, readUrl } from './sections.ts'

/** The keys of each section, `''` for those at the top. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': [
    'url',
    'client',
    'connection',
    'plan',
    'passwords',
    'pepper',
    'usernames',
    'email',
    'identity_providers',
    'application',
    'rate',
  ],
  'client': ['id', 'secret', 'secret_file'],
  'application': ['id', 'secret', 'secret_file'],
  'usernames': ['unfit'],
  'email': ['without'],
  'rate': ['share'],
}

const PLANS: readonly [Auth0Plan, ...Auth0Plan[]] = [
  'free',
  'essentials',
  'professional',
  'enterprise',
  'enterprise-nonproduction',
  'enterprise-bulk',
]

export interface LoadAuth0ConfigOptions {
  /** Secrets from elsewhere, such as the environment: each takes the place of what the files say. */
  readonly secrets?: { readonly client?: string; readonly application?: string }
}

const readPlan = (root: Section): Auth0Plan | undefined => {
  if (root.has('plan')) return readChoice(root, 'plan', PLANS)
  root.problem('`plan` is missing', {
    remedy: `It is what the tenant is subscribed to, and says how fast Auth0 may be asked: ${PLANS.join(', ')}.`,
  })
  return undefined
}

const readPepper = (root: Section): Pick<Auth0Config, 'passwords' | 'pepper'> | undefined => {
  const passwords = readChoice(root, 'passwords', ['carry', 'leave'])
  const pepper = readChoice(root, 'pepper', ['withhold', 'disclose'])
  if (passwords === undefined || pepper === undefined) return undefined
  if (passwords === 'leave' && pepper === 'disclose') {
    root.problem('`pepper` is disclose, but with `passwords: leave` nothing is sent that needs it', {
      key: 'pepper',
      remedy: 'Take one of the two away.',
    })
  }
  return { passwords, pepper }
}

/**
 * Reads the files that say where an Auth0 tenant is and what becomes of people there, each over those before it, and the secret
 * files that they name. Where a key has no meaning it is a mistake: the files are syn2op's own.
 *
 * @throws Syn2opError `config.unreadable` when a file cannot be read; `config.invalid` with every problem at once, with its file
 * and line, without any value that may be a secret
 */
export const loadAuth0Config = async (
  files: readonly string[],
  { secrets = {} }: LoadAuth0ConfigOptions = {},
): Promise<Auth0Config> => {
  const problems: Problem[] = []
  const invalid = (): Syn2opError =>
    new Syn2opError('config.invalid', 'The configuration of the target auth0 is wrong.', {
      problems,
      next: ['Correct what is named above and run the command again; docs/reference/auth0-yaml.md lists the keys.'],
    })
  if (files.length === 0) {
    throw new Syn2opError('config.invalid', 'No file says where Auth0 is.', {
      next: ['Give one to --target-config; docs/reference/auth0-yaml.md shows what stands in it.'],
    })
  }
  const value = await readFiles(files, { target: 'auth0', called: 'auth0.yaml' }, problems)
  const other = otherFile(value)
  if (other !== undefined) problems.push(other)
  if (problems.length > 0) throw invalid()

  for (const [path, keys] of Object.entries(KEYS)) {
    reportUnknownKeys(path === '' ? value : under(value, path), path, keys, problems)
  }
  const root = sectionOver(value, '', problems)
  const url = readUrl(root)
  const client = await readClient(root.section('client'), secrets.client)
  const connection = readConnectionName(root, 'It is the name of the database connection that people move to.')
  const plan = readPlan(root)
  const hashes = readPepper(root)
  const unfit = readChoice(root.section('usernames'), 'unfit', ['escape', 'leave', 'refuse'])
  const without = readChoice(root.section('email'), 'without', ['allow', 'refuse'])
  const providers = readProviders(under(value, 'identity_providers'), problems)
  const application = await readApplication(root.section('application'), secrets.application)
  root.section('rate')
  const rate = readRate(value, problems)
  if (problems.length > 0 || !url || !client || !connection || !plan || !hashes || !unfit || !without) throw invalid()
  return {
    files,
    url,
    client,
    connection,
    plan,
    ...hashes,
    usernames: { unfit },
    email: { without },
    providers,
    ...(application === undefined ? {} : { application }),
    rate,
  }
}
