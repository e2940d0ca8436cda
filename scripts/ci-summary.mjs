import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'

// Plain JavaScript: it has to tell the outcome even when the installation failed.

/**
 * Only tests that need MAS's own program (`[mas-cli]` in their names), or a file system mounted (`[mount]`), may be skipped
 * where that cannot be had.
 */
const MAY_BE_SKIPPED = /\[(?:mas-cli|mount)\]/

const folder = process.argv[2] ?? '.cache/ci'

/** @returns {Promise<{ passed: number, failed: number, skipped: string[], broken: string[] }>} */
const readReport = async (file) => {
  const report = JSON.parse(await readFile(file, 'utf8'))
  const tests = report.testResults.flatMap((result) => result.assertionResults)
  const count = (status) => tests.filter((test) => test.status === status).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName, ancestorTitles, title }) => fullName ?? [...ancestorTitles, title].join(' ')),
    broken: report.testResults
      .filter(
        ({ status, assertionResults }) => status === 'failed' && assertionResults.every((t) => t.status !== 'failed'),
      )
      .map(({ name }) => path.relative('.', name)),
  }
}

const steps = (await readFile(path.join(folder, 'steps.tsv'), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => line.split('\t'))
  .map(([name, seconds, budget, code]) => ({
    name,
    seconds: Number(seconds),
    budget: Number(budget),
    code: Number(code),
  }))

const total = { passed: 0, failed: 0, skipped: [] }
const complaints = []

for (const { name, code } of steps) {
  const report = await readReport(path.join(folder, `${name}.json`)).catch(() => undefined)
  const broken = report?.broken ?? []
  // A step without a report, or whose report knows of no failure, failed as a whole.
  const unexplained = code !== 0 && (report?.failed ?? 0) + broken.length === 0 ? 1 : 0
  if (unexplained > 0) complaints.push(`${name} ended with ${code}`)
  complaints.push(...broken.map((file) => `${file} could not be run`))
  total.passed += report?.passed ?? 0
  total.failed += (report?.failed ?? 0) + broken.length + unexplained
  total.skipped.push(...(report?.skipped ?? []))
}

const forbidden = total.skipped.filter((name) => !MAY_BE_SKIPPED.test(name))
complaints.push(...forbidden.map((name) => `skipped, but has to run: ${name}`))

console.log('\nstep             time    budget')
for (const { name, seconds, budget } of [
  ...steps,
  { name: 'in all', seconds: steps.reduce((sum, step) => sum + step.seconds, 0), budget: 45 * 60 },
]) {
  const late = seconds > budget ? '  over budget' : ''
  console.log(`${name.padEnd(14)} ${`${seconds} s`.padStart(6)} ${`${budget} s`.padStart(9)}${late}`)
}
for (const complaint of complaints) console.log(complaint)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`)
process.exitCode = total.failed > 0 || forbidden.length > 0 || total.passed === 0 ? 1 : 0
