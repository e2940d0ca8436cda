import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted, numbered } from '../../../report/counted.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { hasFlexibleIdentifiers } from './connection-rules.ts'
import type { Auth0Seen, ConnectionSeen } from './seen.ts'

/** The strategy of database connections. */
export const DATABASE = 'auth0'

type Config = Pick<Auth0Config, 'connection' | 'application'>

/** Whether people can be put into the connection, and could log in by it. */
export const checkConnection = ({ connection, people }: Auth0Seen, config: Config): readonly Finding[] => {
  if (connection === undefined) return []
  if (connection === 'missing') return [missing(config)]
  const { name, strategy } = connection
  if (strategy !== DATABASE) {
    return [
      finding('AUTH0_CONNECTION_NO_DATABASE', {
        message: `The connection ${name} is no database connection, but one of the strategy ${strategy}.`,
        samples: [name],
        remedy: ['Correct `connection` in auth0.yaml: Authentication, Database lists those that can be.'],
      }),
    ]
  }
  return [
    ...ownDatabase(connection),
    ...applications(connection, config),
    ...settings(connection),
    ...flexible(connection),
    ...(people === undefined || people.all === 0 ? [] : [hasPeople(name, people)]),
  ]
}

const missing = ({ connection }: Config): Finding =>
  finding('AUTH0_CONNECTION_MISSING', {
    message: `The tenant has no connection ${connection}.`,
    samples: [connection],
    remedy: [
      'syn2op auth0 prepare: it shows how it would make the connection, and makes it with --apply.',
      'Or correct `connection` in auth0.yaml.',
    ],
  })

const ownDatabase = ({ name, options }: ConnectionSeen): readonly Finding[] => {
  if (options['import_mode'] === true) {
    return [
      finding('AUTH0_CONNECTION_IMPORT_MODE', {
        message: `The connection ${name} imports people from a database of its own as they log in.`,
        samples: [name],
        remedy: [
          `Authentication, Database, ${name}, Custom Database: turn "Import Users to Auth0" off.`,
          'Or name a connection without a custom database in auth0.yaml: syn2op auth0 prepare makes one.',
        ],
      }),
    ]
  }
  if (options['enabledDatabaseCustomization'] !== true) return []
  return [
    finding('AUTH0_CONNECTION_ELSEWHERE', {
      message: `The connection ${name} is a custom database, whose people Auth0 does not keep.`,
      samples: [name],
      remedy: ['Name another connection in auth0.yaml: syn2op auth0 prepare makes one.'],
    }),
  ]
}

const applications = ({ name, clients }: ConnectionSeen, { application }: Config): readonly Finding[] => {
  const remedy = [
    application === undefined
      ? 'Name the application of these people in auth0.yaml (`application: {id: …}`), then: syn2op auth0 prepare --apply'
      : 'syn2op auth0 prepare --apply',
    `Or Authentication, Database, ${name}, Applications.`,
  ]
  if (clients.length === 0) {
    return [
      finding('AUTH0_CONNECTION_UNUSED', {
        message: `The connection ${name} is enabled for no application: Auth0 imports nobody into it.`,
        samples: [name],
        remedy,
      }),
    ]
  }
  if (application === undefined || clients.includes(application.id)) return []
  return [
    finding('AUTH0_APPLICATION_NOT_ENABLED', {
      message: `The connection ${name} is not enabled for the application ${application.id}.`,
      samples: [application.id],
      remedy,
    }),
  ]
}

const settings = ({ name, options }: ConnectionSeen): readonly Finding[] => [
  ...(options['disable_signup'] === true
    ? []
    : [
        finding('AUTH0_SIGNUP_OPEN', {
          message: `Anybody can sign up in the connection ${name}, under any name or address that is free.`,
          samples: [name],
          remedy: [`Authentication, Database, ${name}: "Disable Sign Ups", until everybody has been moved.`],
        }),
      ]),
  ...(options['brute_force_protection'] === false
    ? [
        finding('AUTH0_GUESSING', {
          message: `The connection ${name} does not slow down who guesses passwords.`,
          samples: [name],
          remedy: [`Turn brute-force protection on for the connection ${name} (Security, Attack Protection).`],
        }),
      ]
    : []),
]

const flexible = ({ name, options }: ConnectionSeen): readonly Finding[] =>
  hasFlexibleIdentifiers(options)
    ? [
        finding('AUTH0_FLEXIBLE', {
          message: `The connection ${name} has flexible identifiers, which Auth0 offers with Universal Login only.`,
          samples: [name],
          remedy: [
            'Branding, Universal Login: see that the login page is the new one.',
            'With phone numbers: Branding, Phone Provider.',
          ],
        }),
      ]
    : []

const hasPeople = (name: string, { all, ours }: NonNullable<Auth0Seen['people']>): Finding => {
  const own = ours === 0 ? 'none of them' : ours === all ? 'all of them' : `${numbered(ours)} of them`
  return finding('AUTH0_HAS_PEOPLE', {
    message: `The connection ${name} has ${counted(all, 'user', 'users')}, ${own} written by syn2op from this homeserver.`,
    count: all,
    samples: [name],
    remedy: ['See what would be created, changed and held back: syn2op plan'],
  })
}
