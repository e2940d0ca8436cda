import { Flags } from '@oclif/core'
import { ruleFlags, runsFlags, sourceFlags, targetFlags, twoTargetsFlags } from '../cli/flags.ts'
import { readProofs } from '../cli/proof-request.ts'
import { TwoTargetsCommand } from '../cli/two-targets-command.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { VerifyRequest } from '../migration/verify.ts'
import type { VerifyDocument } from '../report/documents.ts'
import { isProved } from '../report/is-proved.ts'
import { areProved, type VerifyOfTwo } from '../report/two-targets.ts'

export default class Verify extends TwoTargetsCommand<typeof Verify> {
  static override summary = 'Prove that the target holds what it should'
  static override description =
    `Compares every column of every row: both databases hash their rows where they stand, and where the hashes differ the rows are opened until the columns at fault are named. No hash or token leaves its database.

After one load into an empty MAS every row there must be one that Synapse makes, identifiers and all; run it before MAS starts. After a merge, and after the runs of an online migration, it is on record what syn2op wrote: what people changed at MAS since is counted as theirs, what no migration wrote as foreign, and neither is a difference. Of an online copy that is not final yet, accounts that have changed in Synapse since are left out and counted; so is everywhere whoever waits for a run: the cohorts that none has begun, and until a run of everybody has ended all who are not at the target.

Of Keycloak, everybody is compared with what its Admin API says: names, addresses, attributes, links, and of a password its date, which stays when Keycloak hashes it anew. Keycloak tells nobody a hash: that passwords work is proved by --canaries.

Of Auth0, everybody is read by their user_id, one request each, as fast as the tenant's plan allows. Auth0 tells nothing of a password: --canaries proves some.

It also says which devices and e-mails MAS would make Synapse delete at its next sync of every user; --report predictions=FILE writes the whole list, with every login that stops and account that changes.

For MAS, --sample N --field-by-field compares each field of N accounts once more, from plain rows on both sides, by a way that shares nothing with the copy and the hashes. It knows nothing of what is theirs: take it before MAS starts.

After the cut-over, --tokens and --canaries try old access tokens and passwords instead of comparing rows, and say whether each did what was foretold. The files hold secrets: only you may read them (mode 600). A canary is logged in and out again, at MAS, or at Keycloak or Auth0 itself. MAS then syncs that user's devices; Keycloak and Auth0 hash the password anew, so that each canary proves once that they take the hashes of Synapse.

Of two targets, Keycloak and MAS, each is compared for its part, and whether everybody is linked: name both, since MAS alone would miss the passwords that went to Keycloak.

Ends with 0 when all is as it should be, 3 when it is but for accounts that the target refuses, 12 when something is not.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --sample 1000 --field-by-field',
    '<%= config.bin %> <%= command.id %> --report predictions=deleted-by-sync.csv',
    '<%= config.bin %> <%= command.id %> --tokens old-tokens.txt --homeserver-url https://matrix.example.org',
    '<%= config.bin %> <%= command.id %> --canaries canaries.txt --mas-url https://account.example.org',
    '<%= config.bin %> <%= command.id %> --canaries canaries.txt --target keycloak --target-config keycloak.yaml',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...twoTargetsFlags,
    ...ruleFlags,
    ...runsFlags,
    'sample': Flags.integer({
      summary: 'Compare this many accounts, chosen at random, field by field',
      helpValue: 'N',
      min: 1,
      dependsOn: ['field-by-field'],
      exclusive: ['tokens', 'canaries'],
    }),
    'field-by-field': Flags.boolean({ summary: 'How a sample is compared', dependsOn: ['sample'] }),
    'sample-seed': Flags.string({
      summary: 'Choose the same accounts again: the seed that an earlier sample told',
      helpValue: 'SEED',
      dependsOn: ['sample'],
    }),
    'tokens': Flags.string({
      summary: 'Old access tokens to try, one a line: mxid device_id token; - is the standard input',
      helpValue: 'FILE',
      helpGroup: 'AFTER THE CUT-OVER',
      dependsOn: ['homeserver-url'],
    }),
    'canaries': Flags.string({
      summary: 'Passwords to try, one a line: mxid password; - is the standard input',
      helpValue: 'FILE',
      helpGroup: 'AFTER THE CUT-OVER',
    }),
    'homeserver-url': Flags.string({
      summary: 'Where clients reach Synapse',
      helpValue: 'URL',
      helpGroup: 'AFTER THE CUT-OVER',
    }),
    'mas-url': Flags.string({
      summary: 'Where clients reach MAS; else passwords log in where the homeserver is, or at Keycloak or Auth0 itself',
      helpValue: 'URL',
      helpGroup: 'AFTER THE CUT-OVER',
    }),
  }

  async run(): Promise<VerifyDocument | VerifyOfTwo | undefined> {
    if (await this.isForTwo()) return this.verifyBoth()
    const proofs = await readProofs(this.flags)
    const { verify } = await import('../migration/verify.ts')
    const document = await this.perform((request) =>
      verify({
        ...request,
        ...this.sample(),
        ...(proofs === undefined ? {} : { proofs }),
      }),
    )
    if (document !== undefined && !isProved(document)) this.exitWith(EXIT.verifyDifferences)
    else if ((document?.refused ?? 0) > 0) this.exitWith(EXIT.someRejected)
    return document
  }

  private sample(): Pick<VerifyRequest, 'sample'> {
    const { sample, 'sample-seed': seed } = this.flags
    return sample === undefined ? {} : { sample: { accounts: sample, ...(seed === undefined ? {} : { seed }) } }
  }

  private async verifyBoth(): Promise<VerifyOfTwo | undefined> {
    const { verifyBoth } = await import('../migration/both/verify-both.ts')
    const { tokens, canaries } = this.flags
    this.refuseForTwo({ tokens, canaries }, [
      'Tokens are tried at MAS: --target mas --tokens FILE',
      'Passwords are tried at Keycloak: --target keycloak --canaries FILE',
    ])
    const document = await this.performBoth((both) => verifyBoth({ ...both, ...this.sample() }))
    if (document !== undefined && !areProved(document)) this.exitWith(EXIT.verifyDifferences)
    return document
  }
}
