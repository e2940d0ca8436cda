import fc from 'fast-check'

/** A port belongs to the name, so that its own colon is met by whoever looks for the first one. */
export const SERVER = 'h.example:8448'

/** What stands for now: 2026-11-01T00:00:00Z, as of the demo. */
export const AS_OF = 1_793_491_200_000

const on = (localpart: string): string => `@${localpart}:${SERVER}`

/** Every kind of name that an account of Synapse has been seen to have, or that somebody could give it. */
export const NAMES: readonly (string | null)[] = [
  on('ann'),
  on('bob'),
  on('carl'),
  on('dora'),
  on('emil'),
  on('Ann'),
  on('zoë'),
  on('a%b_c'),
  on("o'neil\\"),
  on('ghost_1'),
  on('12'),
  on('a:b'),
  '@eve:other.example',
  '@frank:example:8448',
  `@:${SERVER}`,
  `gus:${SERVER}`,
  '@nowhere',
  '',
  null,
]

/** Owners that no account has. */
export const STRAYS: readonly string[] = [on('deleted'), '@deleted:other.example', '']

export const DEVICES: readonly string[] = ['LAPTOP', 'PHONE', 'guest_device', 'laptop', '', 'D'.repeat(300), 'Gerät 1']

const ORDINARY = { min: 1_577_836_800_000, max: AS_OF }

/** Milliseconds since 1970 as the database has them: mostly ordinary ones. */
export const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer(ORDINARY).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '-1', '253402300799999', '253402300800000', '9223372036854775807'),
  },
)

export const timeOrNull = fc.option(time, { freq: 4, nil: null })

/** Seconds since 1970. */
export const secondsOrNull = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: ORDINARY.min / 1000, max: AS_OF / 1000 }).map(String) },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom('0', '-5', '253402300799', '253402300800', '9223372036854775807') },
)

/** An expiry: gone, just now, or to come. */
export const expiry = fc.option(
  fc.constantFrom(0, -1, 1, 86_400_000, 86_400_000_000).map((from) => String(AS_OF + from)),
  { freq: 3, nil: null },
)

/** Texts that break whoever quotes, copies or splits them carelessly. PostgreSQL has no NUL. */
export const words = fc.option(
  fc.constantFrom('Element', 'Zoë’s 📱', "it's", 'tab\tand\nline', '\\N', '', '"quoted",', '{"json":1}'),
  { freq: 5, nil: null },
)

export const ip = fc.option(
  fc.constantFrom(
    '198.51.100.7',
    '2001:DB8:0:0::1',
    '::ffff:192.0.2.1',
    '-',
    '',
    'fe80::1%eth0',
    '192.0.2.1/24',
    '01.2.3.4',
    '999.1.1.1',
    'a proxy',
  ),
  { freq: 5, nil: null },
)

const HASHES = ['$2b$12$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01', '$2a$12$another', 'not a hash', '']
export const passwordHash = fc.option(fc.constantFrom(...HASHES), { freq: 4, nil: null })

/** Base64 of no pattern: PostgreSQL cannot compress it. */
const noise = (length: number): string => {
  let text = ''
  for (let n = 1; text.length < length; n++) text += (BigInt(n) ** 97n * 0x9e3779b97f4a7c15n).toString(36)
  return text.slice(0, length)
}

/** Just short enough for Synapse's own index, too long for ours; and one that compression makes short. */
export const LONG: readonly string[] = [noise(2650), 'a'.repeat(3000)]
