import type { ReadinessFault } from '../../../report/readiness-document.ts'
import type { Evidence } from '../../evidence.ts'
import { listed } from '../../listed.ts'
import { isOtherOp } from '../../metadata/accepted.ts'
import { memberOf } from '../../metadata/reading.ts'
import type { Judgement, Probe } from '../probe.ts'
import { homeserverDocument, judgedDocument, listField, textField } from './documents.ts'
import { isUpstreamOnly, kindOf, type OpKind, upstreamHint, upstreamRemedy } from './kind.ts'
import { pageSeen } from './pages.ts'
import { exchangeWords, noDocument } from './saying.ts'

const SIGN_UP_REMEDIES: Readonly<Partial<Record<OpKind, string>>> = {
  MAS: "If people are to sign up with a password: `account.password_registration_enabled: true` in MAS's configuration, then restart Synapse, which keeps the old document.",
  Tuwunel: 'If people are to sign up: `allow_registration = true` and `oidc_native_auth = true` in tuwunel.toml.',
  continuwuity: 'If people are to sign up: `allow_registration = true` in the configuration of continuwuity.',
}

const ACCEPT_SIGN_UP = 'If nobody is to sign up here, accept it: --accept SIGN_UP'

const signUp: Probe = {
  code: 'SIGN_UP',
  part: 'op',
  title: 'The OP says that people can sign up',
  spec: 'Initiating User Registration via OpenID Connect 1.0; Matrix 1.15',
  stability: 'stable',
  level: 'warning',
  why: 'Element Web shows "Registration has been disabled on this homeserver." Element X does not look at it: it sends people to the OP, which shows what it has.',
  judge: (evidence) => {
    const document = judgedDocument(evidence)
    if (document === undefined) return noDocument(evidence)
    const prompts = listField(document, 'prompt_values_supported')
    if (prompts?.includes('create') === true) return { result: 'pass', seen: `prompts: ${prompts.join(', ')}` }
    const kind = kindOf(evidence)
    const remedy = kind === undefined ? undefined : SIGN_UP_REMEDIES[kind]
    return {
      result: 'fail',
      seen: prompts === undefined ? 'It lists no prompts.' : `prompts: ${prompts.join(', ') || 'none'}; no create`,
      remedy: [
        ...(isUpstreamOnly(kind)
          ? upstreamHint(kind)
          : [remedy ?? 'If people are to sign up, have the OP list `create` in prompt_values_supported.']),
        ACCEPT_SIGN_UP,
      ],
    }
  },
}

const PAGE = 'account_management_uri'
const ACTIONS = 'account_management_actions_supported'
const UNSTABLE = 'org.matrix.msc4191.'

const noPage = (evidence: Evidence): Judgement => {
  const document = judgedDocument(evidence)
  const former = textField(document, `${UNSTABLE}${PAGE}`)
  const kind = kindOf(evidence)
  return {
    result: 'fail',
    seen:
      former === undefined
        ? `The document has no ${PAGE}.`
        : `The document has ${UNSTABLE}${PAGE} alone, the name of the proposal.`,
    faults: [{ field: PAGE, what: 'is missing', breaks: [] }],
    remedy: [
      ...upstreamRemedy(kind),
      ...(isUpstreamOnly(kind) ? [] : [`Have the OP name the page where people manage their account as ${PAGE}.`]),
    ],
    // Synapse takes no document of MAS without it; and of these others no token at all, whatever else they have.
    ...(isUpstreamOnly(kind) || (kind === 'MAS' && homeserverDocument(evidence) !== undefined && !isOtherOp(evidence))
      ? { level: 'error' as const }
      : {}),
  }
}

const badPage = (seen: string, url: string): Judgement => ({
  result: 'fail',
  seen,
  faults: [{ field: PAGE, what: seen, seen: url, breaks: [] }],
  remedy: [`See where the proxy before the OP sends ${url}`],
})

const accountPage: Probe = {
  code: 'ACCOUNT_PAGE',
  part: 'op',
  title: 'The OP has a page where people manage their account, and says where',
  spec: 'MSC4191, Matrix 1.18',
  stability: 'stable',
  level: 'warning',
  why: 'Element X and Element Web hide "Manage account": people change no password, no e-mail address, and end no session of another device. Synapse takes no document of MAS without it.',
  judge: (evidence) => {
    const document = judgedDocument(evidence)
    if (document === undefined) return noDocument(evidence)
    const url = textField(document, PAGE)
    if (url === undefined) return noPage(evidence)
    const exchange = evidence.asked.accountPage
    if (exchange === undefined) return { result: 'pass', seen: `${url} (not opened)` }
    if (exchange.answer === undefined) return badPage(`gives ${exchangeWords(exchange)}`, url)
    const page = pageSeen(exchange.answer, document)
    if (page.is === 'wrong') return badPage(page.what, url)
    return page.is === 'there'
      ? { result: 'pass', seen: `${url} answers ${exchange.answer.status}` }
      : {
          result: 'not asked',
          seen: `${url} ${page.what}: whether people see their account there cannot be told from here.`,
          remedy: ['Open it in a browser.'],
        }
  },
}

/** Each action with its former names, and what people do not find in which client without it. */
const EXPECTED = [
  { action: 'org.matrix.profile', former: ['profile'], what: 'the account page opened from the settings' },
  {
    action: 'org.matrix.devices_list',
    former: ['org.matrix.sessions_list', 'sessions_list'],
    what: 'the list of devices',
  },
  {
    action: 'org.matrix.device_view',
    former: ['org.matrix.session_view', 'session_view'],
    what: 'the page of one device',
  },
  {
    action: 'org.matrix.device_delete',
    former: ['org.matrix.session_end', 'session_end'],
    what: 'logging out another device',
  },
  { action: 'org.matrix.cross_signing_reset', former: [], what: 'resetting the digital identity' },
  { action: 'org.matrix.account_deactivate', former: [], what: 'deactivating the account' },
] as const

/** MAS 1.22 does not list it: people find it on the page itself. */
const OFTEN_ABSENT = 'org.matrix.account_deactivate'

const judgeActions = (document: Readonly<Record<string, unknown>>): Judgement => {
  const field = Object.hasOwn(document, ACTIONS) ? ACTIONS : `${UNSTABLE}${ACTIONS}`
  const actions = listField(document, field)
  if (actions === undefined) {
    const stands = memberOf(document, field)
    return {
      result: 'fail',
      seen: stands === undefined ? 'The document lists no actions.' : `${field} is no list.`,
      faults: [{ field: ACTIONS, what: stands === undefined ? 'is missing' : 'is no list', breaks: [] }],
      remedy: ['Have the OP list what its account page opens at once, such as org.matrix.device_delete.'],
    }
  }
  const faults = EXPECTED.filter(({ action }) => !actions.includes(action)).map(
    ({ action, former, what }): ReadinessFault => {
      const has = former.find((name) => actions.includes(name))
      const words = has === undefined ? `has no ${action}: ${what}` : `has ${action} by its former name ${has} alone`
      return { field: ACTIONS, what: words, breaks: [] }
    },
  )
  const names = `${actions.length} actions`
  if (faults.length === 0 && field === ACTIONS) return { result: 'pass', seen: `${names}, all of the specification` }
  const lacking = EXPECTED.filter(({ action, former }) => ![action, ...former].some((name) => actions.includes(name)))
  const weighs = lacking.some(({ action }) => action !== OFTEN_ABSENT)
  return {
    result: 'fail',
    seen: `${names}; ${listed(faults.map(({ what }) => what)) || `by the former name ${field}`}`,
    faults,
    remedy:
      lacking.length === 1 && !weighs
        ? ['Nothing: people find it on the account page itself. A newer OP may list it.']
        : ['Update the OP: the names are those of Matrix 1.18 (MSC4191).'],
    ...(weighs ? {} : { level: 'info' as const }),
  }
}

const accountActions: Probe = {
  code: 'ACCOUNT_ACTIONS',
  part: 'op',
  title: 'The account page opens at what a client wants done, by the names of the specification',
  spec: 'MSC4191, Matrix 1.18',
  stability: 'stable',
  level: 'warning',
  why: 'The links of Element Web to one device, and of both Element to the reset of the digital identity, end on the front page of the account, or nowhere.',
  judge: (evidence) => {
    const document = judgedDocument(evidence)
    if (document === undefined) return noDocument(evidence)
    return textField(document, PAGE) === undefined
      ? { result: 'not asked', seen: 'There is no account page: ACCOUNT_PAGE says so.' }
      : judgeActions(document)
  },
}

export const ACCOUNT_PROBES: readonly Probe[] = [signUp, accountPage, accountActions]
