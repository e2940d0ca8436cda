import type { Client } from 'pg'
import type { DecisionRules } from '../../accounts/decisions/rules.ts'
import { FINDINGS, finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { counted } from '../../report/counted.ts'
import { emails, usernames } from '../../synapse/audit/foldable.ts'
import type { Relations } from '../../synapse/relations.ts'
import type { Stoppable, Target } from '../../targets/target.ts'
import { type Fold, readTwins, type Twins } from './read-twins.ts'
import type { TwinKind } from './twin-table.ts'

interface TwinOptions extends Stoppable {
  readonly relations: Relations
  readonly rules: DecisionRules
  /** Within a transaction. */
  readonly reader: Client
  readonly target: Pick<Target, 'fold' | 'follows'>
}

/**
 * Names and addresses of the accounts that migrate which the target takes for one. A target that folds nothing has none; one
 * that follows the rules about usernames gets no two that it takes for one.
 */
export const twinFindings = async ({
  relations,
  rules,
  reader,
  target,
  signal,
}: TwinOptions): Promise<readonly Finding[]> => {
  const { fold } = target
  if (fold === undefined) return []
  const foldAs =
    (kind: 'username' | 'e-mail'): Fold =>
    (texts) =>
      fold(texts, { kind, signal })
  const names =
    target.follows?.usernames === undefined
      ? await readTwins(usernames(relations, rules), { reader, fold: foldAs('username') })
      : undefined
  const addresses = await readTwins(emails(relations, rules), { reader, fold: foldAs('e-mail') })
  return [
    ...toFinding(
      'USERNAME_TWINS',
      names,
      'ofSeveral',
      (count) => `${counted(count, 'account has', 'accounts have')} a name that is another’s but for its capitals`,
    ),
    ...toFinding(
      'EMAIL_SHARED',
      addresses,
      'ofSeveral',
      (count) =>
        `${counted(count, 'e-mail address is', 'e-mail addresses are')} another account’s too, but for capitals`,
    ),
    ...toFinding(
      'EMAIL_TWINS',
      addresses,
      'ofOne',
      (count) =>
        `${counted(count, 'e-mail address is', 'e-mail addresses are')} of an account that has the same one in another spelling: nobody can log in with them or recover a password`,
    ),
  ]
}

const toFinding = (
  code: 'USERNAME_TWINS' | 'EMAIL_SHARED' | 'EMAIL_TWINS',
  twins: Twins | undefined,
  kind: TwinKind,
  say: (count: number) => string,
): readonly Finding[] => {
  const count = twins?.[kind] ?? 0
  if (twins === undefined || count === 0) return []
  return [finding(code, { message: say(count), count, samples: twins.samples[kind], remedy: [FINDINGS[code].remedy] })]
}
