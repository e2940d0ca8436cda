import { describe, expect, it } from 'vitest'
import { areTwo, onlyTarget, targetNamed } from '../../../src/cli/targets.ts'
import { resolveSettings } from '../../../src/config/resolve-settings.ts'
import type { Settings } from '../../../src/config/settings.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'

const given = (values: Readonly<Record<string, unknown>>): Settings =>
  resolveSettings({
    flags: Object.fromEntries(
      Object.entries(values).map(([key, raw]) => [key, { raw, origin: `--${key}`, folder: '/srv' }]),
    ),
    environment: {},
    file: {},
    problems: [],
    folder: '/srv',
  })

const refusal = (work: () => unknown): Pick<Syn2opError, 'code' | 'message' | 'next'> => {
  try {
    work()
  } catch (error) {
    if (error instanceof Syn2opError) return error
  }
  throw new Error('nothing was refused')
}

const BOTH = { 'target.name': ['keycloak', 'mas'] }

describe('the targets that are named', () => {
  it('are MAS where nobody names one, and one where it is named twice', () => {
    expect(areTwo(given({}))).toBe(false)
    expect(onlyTarget(given({})).name).toBe('mas')
    expect(onlyTarget(given({ 'target.name': ['keycloak', 'keycloak'] })).name).toBe('keycloak')
  })

  it('are two in either order', () => {
    expect(areTwo(given(BOTH))).toBe(true)
    expect(areTwo(given({ 'target.name': ['mas', 'keycloak'] }))).toBe(true)
  })

  it.each([[['mas', './mine.js']], [['mas', 'keycloak', './mine.js']]])('cannot be %j together', (names) => {
    const { code, message, next } = refusal(() => areTwo(given({ 'target.name': names })))
    expect(code).toBe('usage')
    expect(message).toContain('mine.js')
    expect(next.join()).toContain('--target keycloak --target mas')
  })

  it('are too many for what is done at one', () => {
    expect(refusal(() => onlyTarget(given(BOTH))).next.join()).toContain('--target mas, or --target keycloak')
  })

  it('have files of their own, whose paths are whole', () => {
    const settings = given({
      ...BOTH,
      'target.config': ['keycloak=k.yaml', 'mas=/etc/mas.yaml', 'mas=more.yaml'],
      'mapping': 'mas=rules.yaml',
    })
    expect(targetNamed(settings, 'keycloak').config?.value).toEqual(['/srv/k.yaml'])
    expect(targetNamed(settings, 'mas').config?.value).toEqual(['/etc/mas.yaml', '/srv/more.yaml'])
    expect(targetNamed(settings, 'mas').mapping?.value).toBe('/srv/rules.yaml')
    expect(targetNamed(settings, 'keycloak').mapping).toBeUndefined()
  })

  it('alone get the files that name nobody, and never those of another', () => {
    const settings = given({ 'target.name': 'mas', 'target.config': ['config.yaml', 'keycloak=k.yaml', 'a=b.yaml'] })
    expect(onlyTarget(settings).config?.value).toEqual(['/srv/config.yaml', '/srv/a=b.yaml'])
  })

  it('are refused files that name nobody where there are two, and two mappings for one', () => {
    expect(refusal(() => targetNamed(given({ ...BOTH, mapping: ['rules.yaml'] }), 'mas')).message).toBe(
      '--mapping does not say whose /srv/rules.yaml is',
    )
    expect(refusal(() => onlyTarget(given({ mapping: ['a.yaml', 'b.yaml'] }))).message).toContain('several mappings')
  })
})
