import type { Account } from '../../../accounts/account.ts'
import { ask, NotTried } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { person } from '../people.ts'
import type { Stage } from '../stage.ts'

/** Each must come through letter by letter, also where names are held in small letters. No two of them are one name to anybody who folds or normalises. */
const NAMES: readonly (readonly [what: string, text: string])[] = [
  ['composed (NFC)', 'caf\u00E9'],
  ['decomposed (NFD)', 'the\u0301'],
  ['right to left', '\u05E9\u05DC\u05D5\u05DD'],
  ['with an emoji of several characters', 'x\u{1F469}\u200D\u{1F469}\u200D\u{1F467}'],
  ['beyond the first plane', '\u{10428}\u{1D54F}'],
  ['with quotes', `o'brien"s`],
  ['with the signs of patterns', '100%_of_a\\b'],
  ['with the signs of templates', '{{$1}}#{x}'],
  ['with a dot and a plus', 'first.last+tag'],
]

const NO_DEVICES = 'the target takes no devices'

const takesDevices = (stage: Stage): boolean => stage.target().leaves?.session === undefined

const roundTrip = async (stage: Stage, account: Account, letters: readonly string[], what: string): Promise<void> => {
  const { outcomes } = await stage.migrate({ accounts: [account] })
  const [outcome] = outcomes
  ask(
    outcome?.outcome === 'created',
    `somebody ${what} is \`${outcome?.outcome}\` (${outcome?.message ?? outcome?.reason ?? 'no words'}) and not \`created\`: what Synapse accepts must come through, or be found by check`,
  )
  const held = JSON.stringify(await stage.state())
  for (const text of letters) {
    ask(
      held.includes(JSON.stringify(text).slice(1, -1)),
      `somebody ${what}: ${JSON.stringify(text.slice(0, 60))} is not at the target letter by letter`,
    )
  }
  const [again] = await stage.look({ accounts: [account] })
  ask(
    again?.change === 'unchanged',
    `somebody ${what} is not found again as written: plan says \`${again?.change}\` (rule 4 of target.ts)`,
  )
}

const FULL_NAME = 255
const LONG_SUBJECT = 2600

/** Hex digits do not compress well: an index holds them as they are. */
const incompressible = (bytes: number): string => {
  let state = 0x2545f491
  let text = ''
  while (text.length < bytes) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += String.fromCodePoint(33 + ((state >>> 24) % 94))
  }
  return text
}

export const values: readonly ConformanceCase[] = [
  ...NAMES.map(
    ([what, text]): ConformanceCase => ({
      family: 'unicode',
      name: `names and addresses ${what} come through`,
      async run(stage) {
        const account = person(stage.people, {
          localpart: text.replaceAll(/\s/gu, ''),
          email: `${text}@conformance.example`,
          displayName: `${text} \u2066isolated\u2069`,
          subject: text,
        })
        const names = [account.localpart, `${text}@conformance.example`]
        const letters = takesDevices(stage) ? [...names, `${text} \u2066`] : names
        await roundTrip(stage, account, letters, `with names ${what}`)
      },
    }),
  ),
  {
    family: 'largest values',
    name: 'a Matrix id of 255 characters',
    async run(stage) {
      const localpart = 'n'.repeat(FULL_NAME - `@:${stage.people.serverName}`.length)
      const { longestUsername = localpart.length } = stage.harness
      if (longestUsername < localpart.length) {
        throw new NotTried(`the OP takes no username of more than ${longestUsername} characters`)
      }
      await roundTrip(stage, person(stage.people, { localpart }), [localpart], 'with a Matrix id of 255 characters')
    },
  },
  {
    family: 'largest values',
    name: '300 devices',
    async run(stage) {
      if (!takesDevices(stage)) throw new NotTried(NO_DEVICES)
      const devices = Array.from({ length: 300 }, (_, n) => `DEVICE${String(n).padStart(4, '0')}`)
      await roundTrip(stage, person(stage.people, { localpart: 'collector', devices }), devices, 'with 300 devices')
    },
  },
  {
    family: 'largest values',
    name: 'an SSO subject of 2,600 bytes',
    async run(stage) {
      const { longestSubject = LONG_SUBJECT } = stage.harness
      if (longestSubject < LONG_SUBJECT)
        throw new NotTried(`the OP takes no subject of more than ${longestSubject} characters`)
      const subject = incompressible(LONG_SUBJECT)
      const account = person(stage.people, { localpart: 'long-subject', subject })
      await roundTrip(
        stage,
        account,
        account.identities.length === 0 ? [] : [subject],
        'with an SSO subject of 2,600 bytes',
      )
    },
  },
  {
    family: 'largest values',
    name: 'a device name and a user agent of 4,000 characters',
    async run(stage) {
      if (!takesDevices(stage)) throw new NotTried(NO_DEVICES)
      const displayName = 'd'.repeat(4000)
      const userAgent = 'u'.repeat(4000)
      const account = person(stage.people, { localpart: 'verbose', displayName, userAgent })
      await roundTrip(stage, account, [displayName, userAgent], 'with a device name of 4,000 characters')
    },
  },
  {
    family: 'largest values',
    name: 'times from 1970 to the end of the year 9999',
    async run(stage) {
      await roundTrip(stage, person(stage.people, { localpart: 'first-of-all', createdAt: 0 }), [], 'created in 1970')
      const createdAt = Date.UTC(9999, 11, 31, 22, 59, 59)
      await roundTrip(stage, person(stage.people, { localpart: 'last-of-all', createdAt }), [], 'created in 9999')
    },
  },
]
