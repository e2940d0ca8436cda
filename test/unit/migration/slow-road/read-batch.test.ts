import type { Client } from 'pg'
import { expect, test } from 'vitest'
import type { DecisionRules } from '../../../../src/accounts/decisions/rules.ts'
import { readBatch } from '../../../../src/migration/slow-road/read-batch.ts'
import { toSourceCatalogue } from '../../../../src/synapse/catalogue.ts'
import { buildRelations } from '../../../../src/synapse/relations.ts'

test('the statements of a batch do not grow with all who have no username', async () => {
  const sizeWith = async (others: number): Promise<number> => {
    const statements: string[] = []
    const reader = {
      query: async (text: string, values: readonly unknown[] = []) => {
        statements.push(text, JSON.stringify(values))
        return { rows: text.includes('JOIN') && text.includes('twin.user_id') ? [{ mxid: '@twin:demo.example' }] : [] }
      },
    } as unknown as Client
    const names = ['@in-the-batch:demo.example']
    const nameless = [
      ...names,
      '@twin:demo.example',
      ...Array.from({ length: others }, (_, n) => `@nameless${n}:demo.example`),
    ]
    const rules: DecisionRules = {
      serverName: 'demo.example',
      asOf: 0,
      ghosts: [],
      providers: ['oidc-one', 'oidc-two'].map((authProvider) => ({ authProvider, target: { id: 'one' } })),
      accounts: {
        guests: 'migrate',
        deactivated: 'migrate',
        locked: 'migrate',
        withoutLogin: 'migrate',
        bots: 'migrate',
      },
      nameless: nameless.map((mxid) => ({ mxid, reason: 'username_missing' })),
    }
    await readBatch(reader, { relations: buildRelations(toSourceCatalogue([])), rules }, { ordinal: 0, names })
    const decided = statements.filter((text) => text.includes('username_missing'))
    expect(decided).not.toEqual([])
    // Whoever knows a subject of somebody's in the batch, and gets no name, does not take it.
    for (const text of decided) expect(text).toContain('["@in-the-batch:demo.example","@twin:demo.example"]')
    return statements.join('').length
  }
  expect(await sizeWith(1000)).toBe(await sizeWith(0))
})
