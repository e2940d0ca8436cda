import { join } from 'node:path'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { connect } from '../../postgres/connect.ts'
import { loadHomeserver } from '../../synapse/load-homeserver.ts'
import { formatCount } from '../../terminal/numbers.ts'
import { NEWEST_SYNAPSE } from '../demo/catalogue.ts'
import { DEMO } from '../demo/constants.ts'
import { synapseDdl } from '../demo/ddl.ts'
import { damagedNames, fillHomeserver } from '../demo/fill.ts'
import { DEMO_PASSWORDS } from '../demo/passwords.ts'
import type { PeopleStage } from '../rehearse.ts'
import type { RehearsalSource } from '../sources/rehearsal-source.ts'
import { writeHomeserver } from './configuration.ts'
import { milliseconds } from './moment.ts'
import type { SyntheticHomeserver } from './people.ts'
import { inPlaceOfDemo, providersOf } from './providers.ts'
import { loginsOf, rowsOf } from './rows.ts'

/** Makes the homeserver that is described, of the newest Synapse whose tables are known. */
export const syntheticSource = async (
  homeserver: SyntheticHomeserver,
  { createDatabase, folder, signal }: PeopleStage,
): Promise<RehearsalSource> => {
  const { serverName, accounts = 0, damage = 'none', seed, people } = homeserver
  if (damage === 'all') requireOthers(homeserver)
  const asOf = homeserver.asOf === undefined ? DEMO.now : milliseconds(homeserver.asOf)
  const source = await createDatabase('synapse')
  const client = await connect(source, { applicationName: 'syn2op rehearse', signal })
  try {
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await client.query(statement)
    await fillHomeserver(client, {
      accounts,
      damage,
      version: NEWEST_SYNAPSE,
      serverName,
      ...(seed === undefined ? {} : { seed }),
      people: await rowsOf(damage === 'all' ? withBystander(homeserver) : homeserver, asOf),
      bystander: BYSTANDER,
      providers: inPlaceOfDemo(providersOf(homeserver)),
    })
  } finally {
    await client.end()
  }
  const file = await writeHomeserver(join(folder, 'homeserver'), homeserver, source)
  return {
    kind: 'demo',
    what: `made-up homeserver of ${formatCount(people.length + accounts, 'account', 'accounts')}`,
    homeserver: await loadHomeserver([file]),
    files: [file],
    source,
    asOf,
    secrets: secretsOf(homeserver),
  }
}

/** Somebody whose tokens damage mixes up with others'. */
const BYSTANDER = 'bystander-of-the-damage'

const withBystander = (homeserver: SyntheticHomeserver): SyntheticHomeserver => ({
  ...homeserver,
  people: [...homeserver.people, { localpart: BYSTANDER, password: DEMO_PASSWORDS.horse.password }],
})

/** @throws Syn2opError config.invalid */
const requireOthers = ({ people, serverName }: SyntheticHomeserver): void => {
  const made = damagedNames(serverName)
  const problems = people.flatMap(({ localpart }, index) =>
    made.has(localpart) || localpart === BYSTANDER
      ? [{ message: `people[${index}]: damage makes an account ${localpart} of its own` }]
      : [],
  )
  if (problems.length === 0) return
  throw new Syn2opError('config.invalid', 'The synthetic homeserver has people of the names that damage makes', {
    problems,
    next: ['Give them other names, or leave out `damage`.'],
  })
}

/** Passwords and tokens that work at Synapse today; the rules say what becomes of them. */
const secretsOf = (homeserver: SyntheticHomeserver): RehearsalSource['secrets'] => ({
  canaries: homeserver.people.flatMap((one) =>
    'password' in one && one.password !== undefined
      ? [{ mxid: homeserver.mxid(one.localpart), password: one.password }]
      : [],
  ),
  tokens: loginsOf(homeserver)
    .filter(({ device: { tokens } }) => tokens === 'access' || tokens === 'refreshing')
    .map(({ mxid, device, accessToken }) => ({ mxid, device: device.id, token: accessToken })),
})
