import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillTemplate, parseTemplate, TEMPLATE_VALUES, type Template } from '../../../src/mapping/template.ts'

const parsed = (text: string): Template => {
  const template = parseTemplate(text)
  if ('fault' in template) throw new Error(template.fault)
  return template
}

const faultOf = (text: string): string | undefined => {
  const template = parseTemplate(text)
  return 'fault' in template ? template.fault : undefined
}

const ANNA = { localpart: 'Anna.Bèr', server_name: 'example.org', email: 'a@x.org' }

describe('a template', () => {
  test.each([
    ['{localpart}', 'Anna.Bèr'],
    ['mx-{localpart|lower}@{server_name}', 'mx-anna.bèr@example.org'],
    ['{ localpart | slug | upper }', 'ANNA.BER'],
    ['{{{email}}}', '{a@x.org}'],
    ['plain', 'plain'],
  ])('%s is filled in', (text, filled) => {
    expect(fillTemplate(parsed(text), ANNA)).toBe(filled)
  })

  test('is nothing as a whole where one of its values is not known, or nothing is left of it', () => {
    expect(fillTemplate(parsed('x-{displayname}'), ANNA)).toBeUndefined()
    expect(fillTemplate(parsed('x-{displayname}'), { ...ANNA, displayname: '' })).toBeUndefined()
    expect(fillTemplate(parsed('x-{displayname|slug}'), { ...ANNA, displayname: '💐' })).toBeUndefined()
  })

  test.each([
    ['{localprt}', 'knows no value localprt; there are localpart, '],
    ['{localpart|lowr}', 'knows no filter lowr; there are lower, upper, slug'],
    ['{localpart', 'has a { without its pair'],
    ['localpart}', 'has a } without its pair'],
    ['{}', 'has {}; a value is written {localpart}'],
    ['{Localpart}', 'has {Localpart}; a value is written {localpart}'],
  ])('%s is refused', (text, fault) => {
    expect(faultOf(text)).toContain(fault)
  })

  test('of any text at all is either filled in or refused, and text without braces is itself', () => {
    const input = Object.fromEntries(TEMPLATE_VALUES.map((value) => [value, value]))
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '|', 'localpart', 'lower', ' ', 'ü', '-') }), (text) => {
        const template = parseTemplate(text)
        if ('fault' in template) return
        const filled = fillTemplate(template, input)
        if (!/[{}]/u.test(text)) expect(filled ?? '').toBe(text)
      }),
    )
  })
})
