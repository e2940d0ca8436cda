/**
 * bcrypt hashes as Synapse makes them: of the NFKC form of the password with DEMO.pepper appended, cut to 72 bytes.
 * Made once with cost 12, since making them takes 0.3 s each.
 */
export const DEMO_PASSWORDS = {
  /** Most people of the demo have one of these three. */
  horse: {
    password: 'correct horse battery staple',
    hash: '$2b$12$u4O0EFKXwhFc0U4g1ZX4O.iRq6i6IB0z8FFC86Cm0.zQFv9oyN4lS',
  },
  troubadour: {
    password: 'Tr0ub4dor&3',
    hash: '$2b$12$llgwWMKZ57/AYJesr./jUeE1kBNfDBuJhanUpcAWMfDmJpMdnBt5e',
  },
  hunter: {
    password: 'hunter2 hunter2',
    hash: '$2a$12$IiRBkQ2.KysM6Xlh4K4q0elScaADK5AxNSMSvTTVsLVvlkktfF7jO',
  },
  uncle: {
    password: 'bobs your uncle',
    hash: '$2a$12$kjoISekJPQMOp8fp/CEwW.z6ID8K9LtXwGtz4PdypKZs5KxJ8NrvK',
  },
  /** NFKC changes three of its characters. */
  unicode: {
    password: 'Ångström ﬁ Ⅸ пароль',
    hash: '$2b$12$tsqsspPcFf3T6CJlGX7aH.6mbCYAN9KKfRv8oBKeV3oyfw2LjFIRG',
  },
  /** 86 bytes: more than bcrypt reads, so that the pepper is not in the hash at all. */
  long: {
    password: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa this is longer than bcrypt reads: seventy-two',
    hash: '$2b$12$ZXoi9XQaffsaViGLr/IJhOJRtGHYjXUtbPzj4Ura6G8/9zxJErcCC',
  },
  /** Cost 4, as a homeserver for tests would have it. */
  cheap: {
    password: 'cheap password',
    hash: '$2b$04$UukZr7kWoNwBVKO46JqrXOVt5DNxo5tkH.bNmCsbdT1XZxT66L5T.',
  },
} as const
