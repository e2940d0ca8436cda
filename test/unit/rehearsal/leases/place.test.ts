import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { describePlace, isSamePlace, nameOfPlace } from '../../../../src/rehearsal/leases/place.ts'

const FIRST = 'pid:[4026531836]'

describe('the place of a process', () => {
  it('is told by the name of the machine', () => {
    expect(nameOfPlace(describePlace())).toBe(hostname())
  })

  it('is the same for a process of the same machine, and has its boot', () => {
    expect(isSamePlace(describePlace(), describePlace())).toBe(true)
    expect(describePlace()).toContain(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  })

  it.each([
    ['a machine that was started again', `vm 1f3a ${FIRST} monday`, `vm 1f3a ${FIRST} tuesday`],
    ['a machine that has another name by now', `vm 1f3a ${FIRST} monday`, `db 1f3a ${FIRST} monday`],
    ['a container that has another name by now', 'vm 1f3a pid:[4026532201] monday', 'db 1f3a pid:[4026532201] monday'],
    ['a Mac on another network', 'mac.local 4A-7B - 4A-7B', 'mac.example.org 4A-7B - 4A-7B'],
    ['a machine that says nothing but its name', 'vm - - -', 'vm - - -'],
  ])('is still that of %s', (_, then, now) => {
    expect(isSamePlace(then, now)).toBe(true)
  })

  it.each([
    ['another machine of its name', `vm 1f3a ${FIRST} monday`, `vm 2c4d ${FIRST} sunday`],
    ['a machine copied with its id', `vm 1f3a ${FIRST} monday`, `db 1f3a ${FIRST} sunday`],
    ['another container of the machine', 'a 1f3a pid:[4026532201] monday', 'a 1f3a pid:[4026532202] monday'],
    ['a container that shares the machine’s name', `vm 1f3a ${FIRST} monday`, 'vm 1f3a pid:[4026532201] monday'],
    [
      'a container of the same image on another machine',
      'a 1f3a pid:[4026532201] monday',
      'a 1f3a pid:[4026532201] sunday',
    ],
    ['another Mac of its name', 'mac.local 4A-7B - 4A-7B', 'mac.local 5C-9D - 5C-9D'],
    ['a machine of another name that says no more', 'vm - - -', 'db - - -'],
    ['a mark that says less than a place', `vm ${FIRST}`, `vm 1f3a ${FIRST} monday`],
    ['a mark with nothing but its name', 'vm', 'vm - - -'],
  ])('is not that of %s', (_, one, other) => {
    expect(isSamePlace(one, other)).toBe(false)
    expect(isSamePlace(other, one)).toBe(false)
  })
})
