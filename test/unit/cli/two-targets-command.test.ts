import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'

describe('where syn2op.yaml names Keycloak and MAS', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-two-'))
    const lines = ['target:', '  name: [keycloak, mas]', '  config: [keycloak=k.yaml, mas=m.yaml]', '']
    await writeFile(join(folder, 'syn2op.yaml'), lines.join('\n'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const typed = (...args: readonly string[]): Promise<ProgramResult> => runProgram(args, { folder })

  it('the folder of the runs can be asked', async () => {
    const status = await typed('status')
    expect(status).toMatchObject({ code: 0, stderr: expect.stringContaining('To ask one: --target mas') })
  })

  it.each([
    { args: ['check'], says: '--target mas, or --target keycloak' },
    { args: ['plan', '--out', 'plan.json'], says: '--out is for one target' },
    { args: ['plan', '--report', 'html=plan.html'], says: '--report json=FILE' },
    { args: ['migrate', '--limit', '5'], says: '--limit is for one target' },
    { args: ['migrate', '--plan', 'plan.json'], says: '--plan is for one target' },
    { args: ['verify', '--canaries', 'secrets.txt'], says: '--target keycloak --canaries FILE' },
    { args: ['verify', '--target', 'mas', '--auth-provider', 'x'], says: '--auth-provider is for two targets' },
    { args: ['plan', '--target-config', 'both.yaml'], says: 'does not say whose' },
  ])('$args is refused, with what to do instead', async ({ args, says }) => {
    expect(await typed(...args)).toMatchObject({ code: 64, stderr: expect.stringContaining(says) })
  })
})
