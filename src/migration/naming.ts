import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Client } from 'pg'
import type { Account } from '../accounts/account.ts'
import { decisions } from '../accounts/decisions/decisions.ts'
import type { DecisionRules, NamelessAccount } from '../accounts/decisions/rules.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { KnownEmail } from '../mapping/primary-email.ts'
import { type Claim, type SettleOptions, settleUsernames } from '../mapping/settle-usernames.ts'
import { type AccountShape, type KnownAccount, shapeAccount, valuesAskedFor } from '../mapping/shape-account.ts'
import { eachPage } from '../postgres/cursor.ts'
import { run } from '../postgres/statement.ts'
import type { Relations } from '../synapse/relations.ts'
import type { Target } from '../targets/target.ts'

/** The names and attributes of accounts at a target that follows the rules about them. */
export interface Naming {
  /** Who would migrate, and is held back since no username is left for it. */
  readonly nameless: readonly NamelessAccount[]
  /** The rules ask for display names. */
  readonly asksDisplayNames: boolean
  /** undefined: it migrates only since usernames were settled, and has none. */
  shape<Nameable extends Unnamed>(account: Nameable, displayName: string | undefined): (Nameable & Named) | undefined
  /** The username of an account that migrates, and what stands for its whole shape; undefined: nothing but its rows tells them. */
  settled(mxid: string): { readonly username: string; readonly digest: string } | undefined
}

type Unnamed = Pick<Account, 'mxid' | 'localpart' | 'threepids'>
type Named = Pick<Account, 'username' | 'primaryEmail' | 'attributes'>

interface NamedSource {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** In a snapshot of the source. */
  readonly reader: Client
  readonly signal: AbortSignal
  /** The usernames that accounts have at the target, as far as runs know. */
  readonly recorded: ReadonlyMap<string, string>
}

/** Rows that are in memory at a time. */
const PAGE = 5000

/**
 * Settles the usernames of everybody who migrates, since whether one is free is told by all others. Where the rules are
 * the defaults, and the target has each localpart as it is, nobody is looked at. What is kept in memory is a name
 * and a digest for each account.
 */
export const settleNaming = async (
  target: Pick<Target, 'follows' | 'fold' | 'takesUsername'>,
  mapping: Pick<Mapping, 'usernames' | 'emails' | 'attributes'>,
  source: NamedSource,
): Promise<Naming | undefined> => {
  if (target.follows === undefined) return undefined
  const rules = { ...mapping, serverName: source.rules.serverName }
  const asksDisplayNames = valuesAskedFor(mapping).has('displayname')
  const shapeOf = (account: Unnamed, displayName: string | undefined): AccountShape =>
    shapeAccount(knownOf(account, displayName), rules)
  const { usernames, emails, attributes } = mapping
  const settles =
    usernames !== undefined ||
    (target.follows.usernames !== undefined && (target.fold ?? target.takesUsername) !== undefined)
  if (!settles && emails === undefined && attributes === undefined) {
    return {
      nameless: [],
      asksDisplayNames,
      shape: (account, displayName) => ({ ...account, ...withoutUsername(shapeOf(account, displayName)) }),
      settled: () => undefined,
    }
  }
  const claims: Claim[] = []
  const digests = new Map<string, string>()
  for await (const { createdAt, ...account } of everybody(source, asksDisplayNames)) {
    const shape = shapeAccount(account, rules)
    const { username } = shape
    const recorded = settles ? source.recorded.get(account.mxid) : undefined
    claims.push({
      mxid: account.mxid,
      createdAt,
      ...(username === undefined ? {} : { username }),
      ...(recorded === undefined ? {} : { recorded }),
    })
    digests.set(account.mxid, digestOf(shape))
  }
  // Without rules about them a localpart is nobody else's; whom the target would take for one is a finding.
  const settled = await settleUsernames(claims, {
    collision: usernames?.collision ?? 'hold_back',
    fold: settles ? foldingOf(target, source.signal) : async (texts) => texts,
    ...(target.takesUsername === undefined ? {} : { takes: target.takesUsername }),
  })
  return {
    nameless: settled.nameless,
    asksDisplayNames,
    shape: (account, displayName) => {
      const username = settled.usernames.get(account.mxid)
      if (username === undefined) return undefined
      const named = usernames === undefined && username === account.localpart ? {} : { username }
      return { ...account, ...withoutUsername(shapeOf(account, displayName)), ...named }
    },
    settled: (mxid) => {
      const [username, digest] = [settled.usernames.get(mxid), digests.get(mxid)]
      return username === undefined || digest === undefined ? undefined : { username, digest: `${username}.${digest}` }
    },
  }
}

/** Names that no folding changes are not asked about. */
const foldingOf =
  (target: Pick<Target, 'fold'>, signal: AbortSignal): SettleOptions['fold'] =>
  async (texts) => {
    if (target.fold === undefined) return texts
    const foldable = texts.filter((text) => !/^[!-@[-~]*$/u.test(text))
    const folds = new Map<string, string>()
    for (let first = 0; first < foldable.length; first += PAGE) {
      const page = foldable.slice(first, first + PAGE)
      const folded = await target.fold(page, { kind: 'username', signal })
      for (const [position, text] of page.entries()) folds.set(text, folded[position] ?? text)
    }
    return texts.map((text) => folds.get(text) ?? text)
  }

/** The rules that also hold back who got no username. */
export const namedRules = (rules: DecisionRules, naming: Naming | undefined): DecisionRules =>
  naming === undefined || naming.nameless.length === 0 ? rules : { ...rules, nameless: naming.nameless }

const withoutUsername = ({ primaryEmail, attributes }: AccountShape): Omit<AccountShape, 'username'> => ({
  ...(primaryEmail === undefined ? {} : { primaryEmail }),
  ...(attributes === undefined ? {} : { attributes }),
})

const knownOf = ({ mxid, localpart, threepids }: Unnamed, displayName: string | undefined): KnownAccount => ({
  mxid,
  localpart,
  emails: threepids.filter(({ medium }) => medium === 'email'),
  ...(displayName === undefined ? {} : { displayName }),
})

const digestOf = ({ primaryEmail, attributes }: AccountShape): string =>
  createHash('sha256')
    .update(JSON.stringify([primaryEmail, attributes === undefined ? [] : Object.entries(attributes).toSorted()]))
    .digest('base64url')
    .slice(0, 16)

interface KnownRow {
  readonly mxid: string
  readonly localpart: string
  readonly createdAt: number
  readonly displayName: string | null
  readonly emails: readonly KnownEmail[]
}

async function* everybody(
  { relations, rules, reader }: NamedSource,
  asksDisplayNames: boolean,
): AsyncGenerator<KnownAccount & { readonly createdAt: number }> {
  const query = knownAccounts(decisions(relations, rules), asksDisplayNames ? relations.profiles : undefined)
  for await (const page of eachPage({ client: reader, name: 'syn2op_names', query, size: PAGE })) {
    for (const { displayName, ...row } of page) yield { ...row, ...(displayName === null ? {} : { displayName }) }
  }
}

const knownAccounts = (
  named: RawBuilder<unknown>,
  profiles: RawBuilder<unknown> | undefined,
): RawBuilder<KnownRow> => sql`
  WITH ${named}
  SELECT
    a.mxid,
    a.localpart,
    a.owner_ms AS "createdAt",
    ${profiles === undefined ? sql`NULL` : sql`p.displayname`} AS "displayName",
    coalesce(e.emails, '[]') AS emails
  FROM account a
  LEFT JOIN (
    SELECT mxid, json_agg(json_build_object('address', address, 'addedAt', added_ms)) AS emails
    FROM threepid
    WHERE reason IS NULL AND medium = 'email'
    GROUP BY mxid
  ) e ON e.mxid = a.mxid
  ${profiles === undefined ? sql`` : sql`LEFT JOIN ${profiles} p ON p.localpart = a.localpart`}
  WHERE a.reason IS NULL
`

/** The display names of some accounts, by their localparts. */
export const readDisplayNames = async (
  reader: Client,
  { profiles }: Pick<Relations, 'profiles'>,
  localparts: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await run<{ localpart: string; displayname: string }>(
    reader,
    sql`SELECT localpart, displayname FROM ${profiles} p WHERE localpart = ANY (${[...localparts]}::text[]) AND displayname IS NOT NULL`,
  )
  return new Map(rows.map(({ localpart, displayname }) => [localpart, displayname]))
}
