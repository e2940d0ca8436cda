import { describe, expect, it } from 'vitest'
import { renderText } from '../../../src/report/text/render-text.ts'
import { typedAgain } from '../../../src/report/typed-again.ts'
import { runDocument } from '../../support/documents.ts'

describe('a command to type next', () => {
  it('looks at the same ends as the one before, in a shell’s words', () => {
    const given = {
      'target-config': ['keycloak.yaml', 'the rehearsal.yaml'],
      'runs-dir': ['rehearsal'],
      'verbose': ['true'],
    }
    expect(typedAgain('syn2op verify', given)).toBe(
      "syn2op verify --target-config keycloak.yaml --target-config 'the rehearsal.yaml' --runs-dir rehearsal",
    )
  })

  it('keeps what it says itself', () => {
    const given = { target: ['keycloak'], accept: ['HASHES_CHEAP', 'EMAIL_SHARED'] }
    expect(typedAgain('syn2op migrate --target mas --accept HASHES_CHEAP --resume', given)).toBe(
      'syn2op migrate --target mas --accept HASHES_CHEAP --resume --accept EMAIL_SHARED',
    )
  })

  it('acknowledges again only where warnings hold something up', () => {
    const given = { accept: ['HASHES_CHEAP'] }
    expect(typedAgain('syn2op migrate', given)).toBe('syn2op migrate --accept HASHES_CHEAP')
    expect(typedAgain('syn2op verify', given)).toBe('syn2op verify')
  })

  it('gets no flag that it does not have', () => {
    const given = { 'runs-dir': ['rehearsal'], 'link-config': ['mas.yaml'] }
    expect(typedAgain('syn2op check', given)).toBe('syn2op check')
    expect(typedAgain('syn2op rehearse --demo', given)).toBe('syn2op rehearse --demo')
    expect(typedAgain('rm runs/pause', given)).toBe('rm runs/pause')
    expect(typedAgain('syn2op link --to mas --undo 1', given)).toBe(
      'syn2op link --to mas --undo 1 --runs-dir rehearsal --link-config mas.yaml',
    )
  })

  it('about one of two targets takes the database of MAS for nobody else’s', () => {
    const given = { 'target': ['keycloak', 'mas'], 'target-database': ['postgresql://db/mas'] }
    expect(typedAgain('syn2op migrate --target keycloak --target mas', given)).toBe(
      'syn2op migrate --target keycloak --target mas --target-database postgresql://db/mas',
    )
    expect(typedAgain('syn2op rollback 1 --target mas', given)).toMatch(/ --target-database postgresql:\/\/db\/mas$/u)
    expect(typedAgain('syn2op rollback 1 --target keycloak', given)).toBe('syn2op rollback 1 --target keycloak')
    expect(typedAgain('syn2op link --to mas --undo 1', given)).toBe(
      'syn2op link --to mas --undo 1 --target keycloak --target mas --link-database postgresql://db/mas',
    )
  })

  it('stands so under what a run tells in the terminal', () => {
    const options = { width: 100, colour: 'off', given: { 'runs-dir': ['rehearsal'] } } as const
    expect(renderText(runDocument, options)).toContain(' --runs-dir rehearsal\n')
    expect(renderText(runDocument, { width: 100, colour: 'off' })).not.toContain('--runs-dir')
  })
})
