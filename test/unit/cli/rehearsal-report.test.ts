import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { usualReport } from '../../../src/cli/rehearsal-report.ts'

const workingFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-report-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('the report of a rehearsal that nobody asked for', () => {
  it('goes to the folder of the runs', async () => {
    const folder = await workingFolder()
    const file = join(folder, 'syn2op-runs', 'rehearsal', 'report.html')
    expect(await usualReport([{ kind: 'junit', file: 'elsewhere.xml' }], folder)).toEqual([{ kind: 'html', file }])
    expect(await readdir(join(folder, 'syn2op-runs'))).toEqual(['rehearsal'])
  })

  it('of an earlier rehearsal goes as one begins: without a verdict it would pass for its report', async () => {
    const folder = await workingFolder()
    const reports = join(folder, 'syn2op-runs', 'rehearsal')
    await mkdir(reports, { recursive: true })
    await writeFile(join(reports, 'report.html'), 'passed, last week')
    await usualReport([], folder)
    expect(await readdir(reports)).toEqual([])
  })

  it('is not made, nor its folder, where one for people goes elsewhere', async () => {
    const folder = await workingFolder()
    expect(await usualReport([{ kind: 'html', file: '/elsewhere/report.html' }], folder)).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('says how it is sent elsewhere where its folder cannot be made', async () => {
    const folder = await workingFolder()
    await writeFile(join(folder, 'syn2op-runs'), 'a file')
    await expect(usualReport([], folder)).rejects.toMatchObject({
      code: 'report.unwritable',
      problems: [{ message: expect.stringContaining(join('syn2op-runs', 'rehearsal', 'report.html')) }],
      next: ['Name another place for it: --report html=FILE'],
    })
  })
})
