import type { Account } from '../../../accounts/account.ts'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { ask } from '../ask.ts'
import type { ConformanceCase } from '../case.ts'
import { crowd, secretsOf } from '../people.ts'
import type { Stage } from '../stage.ts'

const FAMILY = 'secrets'
const RULE = 'no hash and no token may be in a message, an outcome or a description (rule 6 of target.ts)'

const kindOf = (secret: string): string => (secret.startsWith('$2b$') ? 'a password hash' : 'a token')

const askSilent = (told: unknown, accounts: readonly Account[], where: string): void => {
  const text = JSON.stringify(told) ?? ''
  const secret = secretsOf(accounts).find((one) => text.includes(one))
  ask(secret === undefined, `${secret && kindOf(secret)} is in ${where}: ${RULE}`)
}

/** All of an error that may be shown. A cause is never printed. */
const shown = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  const { name, message, stack } = error
  const parts = error instanceof Syn2opError ? { problems: error.problems, next: error.next } : {}
  return { name, message, stack, ...parts }
}

const tell = async (work: Promise<unknown>): Promise<unknown> => work.catch(shown)

export const secrets: readonly ConformanceCase[] = [
  {
    family: FAMILY,
    name: 'are in no change, no outcome and no description',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      const first = await stage.migrate({ accounts })
      askSilent(first.changes, accounts, 'what plan told of accounts')
      askSilent(first.outcomes, accounts, 'an outcome')
      const second = await stage.migrate({ accounts, gone: [] })
      askSilent(second, accounts, 'what a second run told')
      askSilent(await stage.target().describe(), accounts, 'describe()')
    },
  },
  {
    family: FAMILY,
    name: 'are not in the words of a refusal',
    needs: ({ refuse }) =>
      refuse === undefined ? 'the harness cannot make the OP refuse an account (refuse)' : undefined,
    async run(stage) {
      const accounts = crowd(stage.people, 2)
      const [bad] = accounts
      if (bad === undefined) return
      const allow = await stage.harness.refuse?.(bad.mxid)
      askSilent(
        await tell(stage.migrate({ accounts })),
        accounts,
        'the outcome or error of an account that was refused',
      )
      await allow?.()
    },
  },
  {
    family: FAMILY,
    name: 'are not in the words of a conflict',
    needs: ({ foreign }) =>
      foreign?.token === undefined && foreign?.username === undefined
        ? 'the harness cannot give anything to somebody else (foreign)'
        : undefined,
    async run(stage) {
      const [one, other] = crowd(stage.people, 2)
      if (one === undefined || other === undefined) return
      await stage.harness.foreign?.username?.(one)
      await stage.harness.foreign?.token?.(other.accessTokens[0]?.token ?? '')
      askSilent(await tell(stage.migrate({ accounts: [one, other] })), [one, other], 'what was told of a conflict')
    },
  },
  {
    family: FAMILY,
    name: 'are not in the error of a stop or of a lost connection',
    async run(stage) {
      const accounts = crowd(stage.people, 3)
      askSilent(
        await tell(stage.migrate({ accounts }, { signal: AbortSignal.abort() })),
        accounts,
        'the error of a stop',
      )
      askSilent(await broken(stage, accounts), accounts, 'the error of a lost connection')
    },
  },
]

const broken = async (stage: Stage, accounts: readonly Account[]): Promise<unknown> => {
  await stage.reopen()
  const told = tell(stage.migrate({ accounts }))
  await stage.harness.breakConnection?.()
  return told
}
