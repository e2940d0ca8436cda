import { describe, expect, it } from 'vitest'
import { VALUE_KINDS } from '../../../src/config/value-kinds.ts'

const { schema, resolve } = VALUE_KINDS.source

describe('Where Synapse’s rows are', () => {
  it.each([
    ['sqlite:homeserver.db', 'sqlite:/etc/syn2op/homeserver.db'],
    ['sqlite:/data/homeserver.db', 'sqlite:/data/homeserver.db'],
    ['sqlite:///data/homeserver.db', 'sqlite:/data/homeserver.db'],
    ['postgresql://synapse@db/synapse', 'postgresql://synapse@db/synapse'],
  ])('is said by %s', (given, resolved) => {
    expect(resolve(schema.parse(given), '/etc/syn2op')).toBe(resolved)
  })

  it.each(['sqlite:', 'sqlite://host/homeserver.db', 'mysql://db/synapse', '/data/homeserver.db'])(
    'is not said by %s',
    (given) => {
      expect(schema.safeParse(given).success).toBe(false)
    },
  )
})
