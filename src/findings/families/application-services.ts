import { type RawBuilder, sql } from 'kysely'
import { counted } from '../../report/counted.ts'
import { byGroup, carried, groupedBy, hasRow, looksUp, told } from '../conditions.ts'
import type { Found, Subject } from '../counting.ts'
import type { FindingEntry } from '../entry.ts'

/** With so many accounts alike under one prefix, they are most likely no people. */
const MANY = 20

const anyOf = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` OR `)})`

const isAmong = (value: RawBuilder<unknown>, names: readonly string[]): RawBuilder<unknown> =>
  anyOf(names.map((name) => sql`${value} = ${sql.lit(name)}`))

const services = ({ relations, isCounted }: Subject, condition: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`FROM ${relations.users} u WHERE u.appservice_id IS NOT NULL AND ${condition} AND ${isCounted(sql`u.name`)}`

const isNamed = sql`left(u.name, 1) = '@' AND strpos(u.name, ':') > 2`

const patternOf = (serverName: string): string => serverName.replaceAll(/[.\\+*?^$()[\]{}|]/gu, String.raw`\$&`)

/**
 * The pattern that would name an account as a ghost: a namespace of a registration file, or else the prefix of its name.
 * Nobody can register a name that begins with _ but an application service or an administrator.
 */
const ghostPattern = ({ services: { namespaces }, rules }: Subject): RawBuilder<unknown> => sql`
  CASE
    ${sql.join(
      namespaces.map((pattern) => sql`WHEN a.mxid ~ ${sql.lit(pattern)} THEN ${sql.lit(pattern)}`),
      sql` `,
    )}
    WHEN a.is_silent THEN '^@' || substring(a.localpart FROM '^(_[A-Za-z0-9-]+_?|[A-Za-z0-9]+[_-])') || ${sql.lit(`.*:${patternOf(rules.serverName)}$`)}
  END`

const isSilent = ({ relations }: Subject): RawBuilder<unknown> => sql`
  password_hash IS NULL
    AND NOT ${looksUp(relations.externalIds, sql`x.user_id = mxid`)}
    AND NOT ${looksUp(relations.devices, sql`x.user_id = mxid AND NOT x.hidden`)}`

/** Held back as no people, by the mapping alone: their names say so, or their user type. */
const heldBackByName = sql`reason IN ('ghost_namespace', 'bot')`

const isInUse = ({ relations }: Subject): RawBuilder<unknown> => sql`
  (NOT is_deactivated AND (
    password_hash IS NOT NULL
    OR ${looksUp(relations.externalIds, sql`x.user_id = mxid`)}
    OR ${looksUp(relations.devices, sql`x.user_id = mxid AND NOT x.hidden`)}
  ))`

const mappingLines = ({ groups }: Found): readonly string[] => [
  'Where they are no people, in the mapping:',
  'ghosts:',
  ...groups.map(({ name }) => `  - '${name.replaceAll("'", "''")}'`),
]

/** Findings about application services: bridges, bots, and those whom they made. */
export const APPLICATION_SERVICE_FINDINGS = {
  APPSERVICE_USERS: {
    severity: 'notice',
    title: 'Users of application services',
    why: 'They go on logging in through their application service and are not written.',
    remedy: 'Nothing to do. Encrypted bridges need MSC4190 (`encryption.msc4190`) once MAS is on.',
    remedyAt: { auth0: 'Nothing to do.' },
    asks: false,
    kind: 'data',
    counted: {
      by: 'query',
      query: (subject) => {
        const registered = groupedBy(sql`u.appservice_id`, sql`u.name`, services(subject, isNamed))
        if (subject.rules.ghosts.length === 0) return registered
        const named = groupedBy(
          sql`'(namespaces of the mapping)'`,
          sql`mxid`,
          sql`FROM account
            WHERE reason = 'ghost_namespace' AND NOT ${isInUse(subject)} AND ${subject.isCounted(sql`account.mxid`)}`,
        )
        return sql`WITH ${subject.decisions} ${registered} UNION ALL (${named})`
      },
      say: (found) =>
        `${told('user of an application service is', 'users of application services are', ' held back')(found)}: ${byGroup(found)}`,
    },
  },
  HELD_BACK_IN_USE: {
    severity: 'warning',
    title: 'Accounts held back as no people that somebody may log in to',
    why: 'The mapping holds them back by their names or their user type, but no application service made them, and they have a password, an SSO identity or a device, as people have. The target will not know them: whoever uses one is logged out and cannot log in again.',
    remedy:
      'Look at each. For people, make `ghosts` narrower, or say `registrations: none` or `accounts.bots: migrate` in the mapping; accept it where they are none.',
    kind: 'data',
    counted: {
      by: 'rows',
      rows: [{ of: 'account', where: (subject) => sql`${heldBackByName} AND ${isInUse(subject)}` }],
      say: told(
        'account is held back as a ghost or a bot, but has a password, an SSO identity or a device',
        'accounts are held back as ghosts or bots, but have a password, an SSO identity or a device',
      ),
    },
  },
  APPSERVICES_GONE: {
    severity: 'notice',
    title: 'Users of application services that are not registered',
    why: 'homeserver.yaml registers no application service of that id: a bridge or bot that is gone, and those whom it made. They are held back like all of their kind.',
    remedy:
      'Nothing to do, if the bridge is gone for good. Else look whether all of `app_service_config_files` is given.',
    kind: 'data',
    counted: {
      by: 'query',
      query: (subject) => {
        const { registered, others } = subject.services
        if (others === 'unknown') return undefined
        const known = isAmong(
          sql`u.appservice_id`,
          registered.map(({ id }) => id),
        )
        return groupedBy(sql`u.appservice_id`, sql`u.name`, services(subject, sql`${isNamed} AND NOT ${known}`))
      },
      say: (found) =>
        `${told('user belongs', 'users belong', ' to application services that are not registered')(found)}: ${byGroup(found)}`,
    },
  },
  APPSERVICE_LOGINS_END: {
    severity: 'warning',
    title: 'Bridges and bots that can no longer log in their devices',
    why: 'Their users have devices, made with the login type m.login.application_service, which is gone with MAS. What is logged in may work on for a while; the next login fails, and with it the encryption of the bridge.',
    remedy:
      'Upgrade the bridge and switch on MSC4190: `encryption.msc4190: true` in its configuration, `io.element.msc4190: true` in its registration file.',
    kind: 'data',
    targets: ['mas'],
    counted: {
      by: 'query',
      query: (subject) => {
        const { registered, others } = subject.services
        const ids = (msc4190: boolean): readonly string[] =>
          registered.filter((one) => one.msc4190 === msc4190).map(({ id }) => id)
        const isAsked =
          others === 'unknown'
            ? sql`NOT ${isAmong(sql`u.appservice_id`, ids(true))}`
            : isAmong(sql`u.appservice_id`, ids(false))
        const hasDevice = hasRow(subject.relations.devices, sql`x.user_id = u.name AND NOT x.hidden`)
        return groupedBy(sql`u.appservice_id`, sql`u.name`, services(subject, sql`${isAsked} AND ${hasDevice}`))
      },
      say: (found) =>
        `${told('user', 'users')(found)} of application services without MSC4190 ${found.count === 1 ? 'has' : 'have'} devices: ${byGroup(found)}`,
    },
  },
  GHOSTS_SUSPECTED: {
    severity: 'warning',
    title: 'Accounts that look like those of a bridge',
    why: 'They migrate like people, but stand in the namespace of a registered application service, or have no password, no identity and no device and begin alike: most likely a bridge that is gone has made them.',
    remedy: 'Name their pattern under `ghosts` in the mapping, so that they are held back, or accept it.',
    kind: 'data',
    names: 'things',
    counted: {
      by: 'query',
      query: (subject) => sql`
        WITH ${subject.decisions},
        suspect AS (
          SELECT a.mxid, ${ghostPattern(subject)} AS pattern
          FROM (
            SELECT mxid, localpart, ${isSilent(subject)} AS is_silent
            FROM account
            WHERE ${carried} AND NOT is_guest AND NOT is_deactivated
              AND ${subject.services.namespaces.length === 0 ? sql`password_hash IS NULL` : sql`true`}
              AND ${subject.isCounted(sql`account.mxid`)}
            OFFSET 0
          ) a
        )
        SELECT g.*
        FROM (${groupedBy(sql`s.pattern`, sql`s.mxid`, sql`FROM suspect s WHERE s.pattern IS NOT NULL`)}) g
        WHERE g.name LIKE '^@\\_%' OR g.count >= ${sql.lit(MANY)} OR ${isAmong(sql`g.name`, subject.services.namespaces)}
      `,
      say: ({ count, groups }) =>
        `${counted(count, 'account that migrates looks', 'accounts that migrate look')} like a bridge’s: ${groups
          .slice(0, 3)
          .map((one) => `${one.name} (${counted(one.count, 'account', 'accounts')})`)
          .join(', ')}${groups.length > 3 ? ` and ${counted(groups.length - 3, 'pattern', 'patterns')} more` : ''}`,
      remedies: mappingLines,
    },
  },
} as const satisfies Record<string, FindingEntry>
