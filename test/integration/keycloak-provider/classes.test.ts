import { createHmac } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whyNoCompiler } from '../../../scripts/keycloak-provider/compile.ts'
import { readProviderJar } from '../../../src/targets/keycloak/provider/provider-jar.ts'
import { installSynapse, whyNoSynapse } from '../../support/synapse/install.ts'
import { asHex, openProviderClasses, outputOf, type ProviderClasses } from './classes.ts'
import { type PasswordCase, passwordCase, WRITTEN_DOWN } from './password-cases.ts'

/** SYN2OP_TEST_REQUIRE=all: nothing may be skipped for want of a tool. */
const required = process.env['SYN2OP_TEST_REQUIRE'] === 'all'
const missing = required ? undefined : ((await whyNoCompiler()) ?? (await whyNoSynapse()))
const GENERATED = 600

describe.skipIf(missing)(`the classes in the jar${missing ? ` (${missing})` : ''}`, () => {
  let classes: ProviderClasses

  beforeAll(async () => {
    classes = await openProviderClasses()
  })
  afterAll(() => classes?.remove())

  describe('let somebody in exactly where Synapse does', () => {
    interface SynapseAnswer {
      readonly hash: string
      /** Or the name of an exception, by which a login fails too. */
      readonly letsIn: boolean | string
    }

    const askBoth = async (cases: readonly PasswordCase[]) => {
      const { python } = await installSynapse('1.163.2')
      const script = fileURLToPath(new URL('synapse_says.py', import.meta.url))
      const said: readonly SynapseAnswer[] = JSON.parse(await outputOf(python, [script], JSON.stringify(cases)))
      const lines = cases.map(({ typed, pepper }, at) => ['matches', typed, pepper, said[at]?.hash ?? ''])
      const ours = await classes.ask(lines.map(([verb, ...texts]) => [verb, ...texts.map(asHex)].join(' ')))
      return cases.map((each, at) => ({ ...each, ...said[at], ours: ours[at] === 'true' }))
    }

    it('where the case is written down', async () => {
      const answers = await askBoth(WRITTEN_DOWN.map(([, , each]) => each))
      const outcomes = answers.map(({ letsIn, ours }, at) => [WRITTEN_DOWN[at]?.[0], letsIn === true, ours])
      expect(outcomes).toEqual(WRITTEN_DOWN.map(([title, letsIn]) => [title, letsIn, letsIn]))
    })

    it(`in ${GENERATED} cases that are drawn`, async () => {
      const seed = Number(process.env['SYN2OP_TEST_SEED'] ?? 20_261_122)
      const answers = await askBoth(fc.sample(passwordCase, { numRuns: GENERATED, seed }))
      expect(answers.filter(({ letsIn, ours }) => (letsIn === true) !== ours)).toEqual([])
      const letIn = answers.filter(({ ours }) => ours).length
      expect(letIn).toBeGreaterThan(GENERATED / 5)
      expect(letIn).toBeLessThan((GENERATED * 4) / 5)
    })
  })

  it('refuse what is far longer than any password of Synapse before they look at it', async () => {
    // Of 72 letters x, which is all that bcrypt reads of more.
    const hash = '$2b$04$SZh5hqjDsYPnelAs23zuie1hYsuCMt5k8AuRkMxL0LVKJ6h.5Ite6'
    const lines = [512, 4096, 4097].map((length) => ['x'.repeat(length), '', hash].map(asHex).join(' '))
    expect(await classes.ask(lines.map((line) => `matches ${line}`))).toEqual(['true', 'true', 'false'])
  })

  describe('tell administrators', () => {
    const info = async (pepper: string): Promise<Readonly<Record<string, string>>> => {
      const [line = ''] = await classes.ask([`info ${asHex(pepper)}`])
      return Object.fromEntries(
        [...line.matchAll(/(\w+)=([^,}]*)/gu)].map(([, name = '', value = '']) => [name, value]),
      )
    }

    it('the version, whose Keycloak it is in, that bcrypt works, and that there is no pepper', async () => {
      const { version } = await readProviderJar()
      expect(await info('')).toEqual({
        version,
        keycloak: expect.stringMatching(/^26\.\d+\.\d+$/u),
        selfTest: 'passed',
        pepper: 'none',
      })
    })

    it('of a pepper a proof that only who knows it can check', async () => {
      const pepper = 'Pfeffer für Zwölf'
      const { nonce = '', pepperProof, ...others } = await info(pepper)
      const bytes = Buffer.from(nonce, 'base64url')
      expect(bytes).toHaveLength(16)
      expect(pepperProof).toBe(createHmac('sha256', pepper).update(bytes).digest('base64url'))
      expect(others).toMatchObject({ pepper: 'set', pepperHasReplacementCharacter: 'false' })
      expect(JSON.stringify(others)).not.toContain('Pfeffer')
    })

    it('another proof after each start', async () => {
      const [first, second] = [await info('a'), await info('a')]
      expect(first['nonce']).not.toBe(second['nonce'])
    })

    it('that a locale has spoilt the pepper', async () => {
      expect(await info('Zw\ufffd\ufffdlf')).toMatchObject({ pepper: 'set', pepperHasReplacementCharacter: 'true' })
    })
  })
})
