import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a provider tells of the pepper that it was given; see its OperationalInfo. */
export interface PepperTold {
  readonly isSet: boolean
  readonly hasReplacementCharacter: boolean
  /** base64url; absent: nothing is proved. */
  readonly nonce?: string
  /** HMAC-SHA256 of the nonce's bytes under the pepper in UTF-8, base64url. */
  readonly proof?: string
}

export const pepperTold = (info: Readonly<Record<string, string>>): PepperTold => {
  const { pepper, pepperHasReplacementCharacter, nonce, pepperProof } = info
  return {
    isSet: pepper === 'set',
    hasReplacementCharacter: pepperHasReplacementCharacter === 'true',
    ...(nonce === undefined ? {} : { nonce }),
    ...(pepperProof === undefined ? {} : { proof: pepperProof }),
  }
}

/** Whether the proof is one of this pepper; undefined where nothing is proved. */
export const provesPepper = ({ nonce, proof }: PepperTold, pepper: string): boolean | undefined => {
  if (nonce === undefined || proof === undefined) return undefined
  const expected = createHmac('sha256', pepper).update(Buffer.from(nonce, 'base64url')).digest()
  const given = Buffer.from(proof, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** What may have become of a pepper on its way into Keycloak's configuration, by what it looks like there. */
const MISTAKES: readonly (readonly [string, (pepper: string) => string])[] = [
  ['it has a line break after it', (pepper) => `${pepper}\n`],
  ['it has a space after it', (pepper) => `${pepper} `],
  ['the spaces around it are lost', (pepper) => pepper.trim()],
  ['it stands in quotation marks', (pepper) => `"${pepper}"`],
  ['it stands in quotation marks', (pepper) => `'${pepper}'`],
  ['its backslashes are lost: write each twice', (pepper) => pepper.replaceAll(/\\(.)/gu, '$1')],
  ['its $$ are lost: write $$$$', (pepper) => pepper.replaceAll('$$', '$')],
  ['its UTF-8 was read as Latin-1', (pepper) => Buffer.from(pepper, 'utf8').toString('latin1')],
]

/** What happened to the pepper that Keycloak has, where that can be told from its proof. */
export const mistakeOf = (told: PepperTold, pepper: string): string | undefined =>
  MISTAKES.find(([, mistaken]) => {
    const other = mistaken(pepper)
    return other !== pepper && other !== '' && provesPepper(told, other) === true
  })?.[0]
