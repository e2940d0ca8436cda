import { Syn2opError } from '../../errors/syn2op-error.ts'

/** Owners (signed 64-bit hashes of Matrix ids) in ascending order. */
export type Owners = BigInt64Array

/** Bytes of an owner. */
const WIDTH = 8

/** Eight bytes an owner, big-endian, in base64. */
export const packOwners = (owners: Owners): string => {
  const bytes = Buffer.alloc(owners.length * WIDTH)
  for (const [index, owner] of owners.entries()) bytes.writeBigInt64BE(owner, index * WIDTH)
  return bytes.toString('base64')
}

/** The owners that eight bytes each stand for, as PostgreSQL's `int8send` makes them. */
export const ownersOfBytes = (bytes: Buffer): Owners => {
  const owners = new BigInt64Array(bytes.length / WIDTH)
  for (let index = 0; index < owners.length; index++) owners[index] = bytes.readBigInt64BE(index * WIDTH)
  return owners
}

/**
 * The inverse of `packOwners`.
 * @throws Syn2opError plan.unreadable where it holds no whole list, or another one than is counted.
 */
export const unpackOwners = ({
  owners: packed,
  count,
}: {
  readonly owners: string
  readonly count: number
}): Owners => {
  const bytes = Buffer.from(packed, 'base64')
  if (bytes.length !== count * WIDTH) throw broken()
  const owners = ownersOfBytes(bytes)
  for (let index = 1; index < owners.length; index++)
    if (order(owners, index - 1) > order(owners, index)) throw broken()
  return owners
}

const order = (owners: Owners, index: number): bigint => owners[index] ?? 0n

const broken = (): Syn2opError =>
  new Syn2opError('plan.unreadable', 'A list of accounts in the plan is not whole', {
    next: ['Make it again: syn2op plan --out FILE'],
  })
