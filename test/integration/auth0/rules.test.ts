import { describe, expect, it } from 'vitest'
import { RULES } from '../../../src/rehearsal/standins/auth0/rules/index.ts'
import { runTrial } from '../../support/auth0/trial.ts'

for (const [subject, rules] of Object.entries(RULES))
  describe(`Auth0: ${subject}`, () => {
    for (const { id, says, keeps, breaks } of rules) {
      it(`${id}: ${says}`, async () => {
        expect(await runTrial(keeps, 'accepted')).toBeUndefined()
      })
      for (const { wrong, refusal, ...trial } of breaks)
        it(`${id} refuses: ${wrong}`, async () => {
          expect(await runTrial(trial, refusal)).toBeUndefined()
        })
    }
  })
