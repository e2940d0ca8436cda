import { expect, test } from 'vitest'

/**
 * Tests of a suite in which a case that needs an optional part passes where the target is known to lack that part: for
 * this reason alone, so that a part that gets lost shows.
 * @param absent why cases are skipped.
 */
export const testWithoutParts =
  (absent: readonly string[]) =>
  (name: string, body: (context: { skip(reason?: string): void }) => Promise<void>): void => {
    test(name, () => body({ skip: (reason) => expect(absent).toContain(reason) }))
  }
