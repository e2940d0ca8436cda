import type { Client } from 'pg'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { acceptFindings, acceptFlags, openWarnings, verdictOf } from '../findings/accept.ts'
import type { Finding } from '../findings/finding.ts'
import type { ConflictRules } from '../mapping/mapping.ts'
import { requireClear } from '../migration/gate.ts'
import { newRunId } from '../migration/new-run-id.ts'
import type { MigrationRequest } from '../migration/request.ts'
import { recorded } from '../migration/run-recorder.ts'
import { describeServer } from '../postgres/describe-server.ts'
import { isSameDatabase } from '../postgres/same-database.ts'
import { describeSettings } from '../postgres/settings.ts'
import type { LinkDocument } from '../report/link-document.ts'
import { shellWord, typedCommand } from '../report/resume-command.ts'
import { otherConnections } from '../synapse/activity.ts'
import { syn2opVersion } from '../version.ts'
import { chooseProvider } from './choose-provider.ts'
import { countsOf, decideAtPlace } from './decide-at-place.ts'
import { type LinkFiles, linkFilesAt, writeLinkFiles } from './link-file.ts'
import { type LoginsAt, notWhereTheyLogIn, onlyAtMas, otherHomeserver, runningFindings } from './link-findings.ts'
import type { LinkPlace, UpstreamProvider, WantedLink } from './link-place.ts'
import { type OpenPlace, withPlace } from './open-place.ts'
import { isUsed, seenLogins } from './seen-logins.ts'
import { type AskSubjects, askSubjects } from './subjects-there.ts'
import { type Linked, whoIsLinked, whoIsShutOut } from './who-is-linked.ts'
import { writeInOne } from './write-in-one.ts'

export interface LinkRequest extends MigrationRequest {
  readonly place: LinkPlace
  /** Keycloak, unless it is said. */
  readonly logins?: LoginsAt
  /** Of the realm or the tenant, by the address that is known of it. */
  readonly issuer: string
  /** The id that an account has there, as far as it follows from the account. */
  readonly subjectOf: (mxid: string) => string
  /** Absent: everybody has the id that follows from the account. */
  readonly subjectsThere?: AskSubjects
  /** The provider that somebody named. */
  readonly authProvider?: string
  /** Whether also those are linked that no run has brought there. */
  readonly whom: 'migrated' | 'everybody'
  /** What the migration into the place makes of a name that is taken there; absent: as its last run found it. */
  readonly usernames?: ConflictRules['username']
  /**
   * Set where both ends are filled together: whom Keycloak would not take by its plan, and why, in words. Then whoever only the
   * place of the links has, or would have, is told.
   */
  readonly refused?: ReadonlyMap<string, string>
  /** Warnings that are told, and keep nobody else waiting. */
  readonly tells?: readonly string[]
  /** A file for the links as SQL. */
  readonly out?: string
  /** Shown what would be written; true lets it be. Absent: nothing is written to the database. */
  readonly confirm?: (plan: LinkDocument) => Promise<boolean>
}

const KEYCLOAK: LoginsAt = { product: 'Keycloak', target: 'keycloak' }

/** What is known once both ends have been looked at. */
interface Looked {
  readonly document: LinkDocument
  readonly rows: readonly (readonly string[])[]
  readonly provider?: UpstreamProvider
}

/**
 * Joins the accounts that migrate to a Keycloak with its people, in Synapse or in MAS, so that nobody gets a second account
 * at the first login by Keycloak.
 * @returns undefined when the answer was no.
 * @throws Syn2opError check.errors, check.warnings before anything is written; those of the ends and of the record.
 */
export const link = (request: LinkRequest): Promise<LinkDocument | undefined> => {
  const { place, staged, signal, progress, out, confirm } = request
  if (place.to === 'synapse' && staged !== undefined) throw sqliteHasNone()
  const started = performance.now()
  const asOf = request.asOf ?? Date.now()
  progress.phase('prepare')
  return withPlace(place, { use: confirm === undefined ? 'look' : 'write', signal }, async (open) => {
    const looked = await look({ ...request, asOf }, open, asOf)
    const { document, provider, rows } = looked
    if (confirm !== undefined || (out !== undefined && verdictOf(document.findings) === 'errors'))
      requireClear({ findings: document.findings.filter(({ code }) => request.tells?.includes(code) !== true) })
    const files = out === undefined || provider === undefined ? undefined : linkFilesAt(out)
    if (files !== undefined) await writeFiles(files, open, looked)
    const shown: LinkDocument = { ...document, ...(files === undefined ? {} : { files }) }
    if (confirm === undefined || provider === undefined || rows.length === 0) {
      return { ...shown, milliseconds: Math.round(performance.now() - started) }
    }
    const seen = performance.now()
    if (!(await confirm(shown))) return undefined
    const confirmed = performance.now()
    const runId = newRunId(new Date())
    const { cohort } = request
    const begun = { runId, kind: 'link', plan: shown, ...(cohort === undefined ? {} : { cohort }) } as const
    return recorded(request, begun, async () => {
      const written = await writeInOne(request, open, {
        rows,
        provider,
        runId,
        mayRun: document.findings.some(({ code }) => code === 'SYNAPSE_RUNNING'),
      })
      const leftOut = rows.length - written
      const { write: _, ...links } = document.links ?? {}
      return {
        ...shown,
        runId,
        links: { ...links, written, ...(leftOut === 0 ? {} : { leftOut }) },
        next: afterwards(request, runId),
        milliseconds: Math.round(seen - started + performance.now() - confirmed),
      }
    })
  })
}

const look = async (request: LinkRequest, open: OpenPlace, asOf: number): Promise<Looked> => {
  const { homeserver, subjectOf, authProvider, issuer, whom, cohort, confirm, accept, mapping, usernames } = request
  const { logins = KEYCLOAK } = request
  const { place, client } = open
  const linked = await whoIsLinked(request, {
    whom,
    ...(place.to === 'synapse' ? { look: (reader) => requireSame(reader, open) } : {}),
  })
  const { accounts, issuers } = linked
  const { own, others: away } = await askSubjects(request.subjectsThere, linked, request.signal)
  const wanted = accounts
    .filter(({ mxid }) => !away.has(mxid))
    .map((account): WantedLink => ({ ...account, subject: own.get(account.mxid) ?? subjectOf(account.mxid) }))
  const choice = chooseProvider(place, { issuers: [...new Set([issuer, ...issuers])], asked: authProvider })
  const others = otherHomeserver(place, homeserver.serverName)
  const provider = others.length === 0 ? choice.provider : undefined
  const running = place.mustStop && confirm !== undefined ? runningFindings(await otherConnections(client)) : []
  const found = [...others, ...choice.findings, ...running, ...(await leftOut(request, linked, open))]
  const decided =
    provider === undefined ? undefined : await decideAtPlace(open, wanted, { provider, usernames, away, logins })
  const findings = acceptFindings([...found, ...(decided?.findings ?? [])], {
    flags: accept,
    rules: mapping.accept,
    asOf,
    now: Date.now(),
  })
  const document: LinkDocument = {
    kind: 'link',
    format: 1,
    syn2op: syn2opVersion(),
    serverName: homeserver.serverName,
    asOf: new Date(asOf).toISOString(),
    action: confirm === undefined ? 'look' : 'apply',
    to: { product: place.product, location: describeSettings(place.settings), table: place.table },
    ...(provider === undefined ? {} : { provider: { id: provider.id, name: provider.name } }),
    ...(cohort === undefined ? {} : { cohort }),
    accounts: accounts.length,
    ...(decided === undefined ? {} : { links: countsOf(decided) }),
    findings,
    next:
      decided === undefined || decided.write.length === 0 || confirm !== undefined ? [] : howToWrite(request, findings),
  }
  if (provider === undefined || decided === undefined) return { document, rows: [] }
  return { document, provider, rows: decided.write.map((one) => place.row(one, provider, asOf)) }
}

const leftOut = async (
  request: LinkRequest,
  linked: Linked,
  { place, client }: OpenPlace,
): Promise<readonly Finding[]> => {
  const { whom, subjectOf, usernames, refused, logins = KEYCLOAK } = request
  if (refused === undefined) return notWhereTheyLogIn(linked.notThere, { whom, logins })
  const shutOut = whoIsShutOut(linked, { whom, refused })
  const owned = await place.owners(
    client,
    shutOut.map((account) => ({ ...account, subject: subjectOf(account.mxid) })),
  )
  const strangers = (await place.strangers?.(client, owned, usernames)) ?? new Set<string>()
  const there = new Set(owned.map(({ mxid }) => mxid))
  return onlyAtMas(
    // Whom MAS does not have after its run, it has held back as well.
    shutOut.filter(({ mxid }) => !strangers.has(mxid) && (whom === 'everybody' || there.has(mxid))),
    whom,
  )
}

const writeFiles = async (
  files: LinkFiles,
  open: OpenPlace,
  { rows, document: { serverName } }: Looked,
): Promise<void> => {
  const { place, schema } = open
  // What our role may not read, the one that runs the file may.
  const seen = (await seenLogins(open)) === 'none' ? 'none' : 'all'
  await writeLinkFiles(files, { place, schema, rows, serverName, isUsed: isUsed(open, seen) })
}

/** What is not acknowledged by then keeps the links from being written: the line acknowledges what has been shown. */
const howToWrite = (
  { command = ['syn2op', 'link'], place, out }: LinkRequest,
  findings: readonly Finding[],
): LinkDocument['next'] => {
  const write =
    out === undefined
      ? [typedCommand([...command, '--apply']), ...acceptFlags(openWarnings(findings))].join(' ')
      : `psql -d ${shellWord(place.settings.database)} -f ${shellWord(out)}`
  return [
    {
      text: place.mustStop
        ? `Stop ${place.product} and all its workers, then write them:`
        : `Write them; ${place.product} may run:`,
      commands: [write],
    },
  ]
}

const afterwards = (
  { place: { product, mustStop, to }, logins = KEYCLOAK }: Pick<LinkRequest, 'place' | 'logins'>,
  runId: string,
): LinkDocument['next'] => [
  ...(mustStop
    ? [{ text: `Start ${product}: people find their accounts when they log in by ${logins.product}.`, commands: [] }]
    : []),
  { text: 'To take exactly these links back:', commands: [`syn2op link --to ${to} --undo ${runId}`] },
]

/** Links that are written elsewhere than the accounts are read from are found by nobody. A replica has them of its primary. */
const requireSame = async (reader: Client, { place, client }: OpenPlace): Promise<void> => {
  const { inRecovery } = await describeServer(reader)
  if (inRecovery || (await isSameDatabase(reader, client))) return
  throw new Syn2opError(
    'config.invalid',
    `${describeSettings(place.settings)} is another database than the one that Synapse's accounts are read from`,
    { next: ['Name the same one with --link-database and in homeserver.yaml or --synapse-database.'] },
  )
}

const sqliteHasNone = (): Syn2opError =>
  new Syn2opError('config.unsupported', 'Links are not written to a SQLite homeserver', {
    next: ['Move Synapse to PostgreSQL first, with `synapse_port_db`, or link in MAS: --to mas'],
  })
