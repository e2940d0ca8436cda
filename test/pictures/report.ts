import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Document } from '../../src/report/documents.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { documents } from '../support/arbitrary-documents.ts'
import { SCHEMES, startChromium, WIDTHS } from '../support/browser/chromium.ts'
import { planWithFindings } from '../support/many-findings.ts'

/*
 * npm run pictures -- [--out FOLDER] [--document plan.json …] [NAME …]
 *
 * Pictures of reports, each as a telephone and a desk show it, light and dark: of the sample documents with these names
 * (all but the samples of the tests when none is named), and of documents that `--report json=FILE` wrote.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: '.cache/pictures' },
    document: { type: 'string', multiple: true, default: [] },
  },
})

const own: Readonly<Record<string, Document>> = {
  'findings-10': planWithFindings(10),
  'findings-10000': planWithFindings(10_000),
}

const given = await Promise.all(
  values.document.map(
    async (file, index): Promise<readonly [string, Document]> => [
      `given-${index + 1}`,
      JSON.parse(await readFile(file, 'utf8')),
    ],
  ),
)
const all: Readonly<Record<string, Document>> = { ...documents, ...own }
const named = positionals.length > 0 ? positionals : given.length > 0 ? [] : Object.keys(own)
const wanted = [...given, ...Object.entries(all).filter(([name]) => named.includes(name))]

const folder = resolve(values.out)
await mkdir(folder, { recursive: true })
const browser = await startChromium()
try {
  for (const [name, document] of wanted) {
    const file = resolve(folder, `${name}.html`)
    await writeFile(file, renderHtml(document))
    for (const [width, viewport] of Object.entries(WIDTHS))
      for (const colorScheme of SCHEMES) {
        const page = await browser.newPage({ viewport, colorScheme })
        await page.goto(pathToFileURL(file).href)
        await page.screenshot({ path: resolve(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
        await page.close()
      }
    process.stdout.write(`${name}: 4 pictures in ${folder}\n`)
  }
} finally {
  await browser.close()
}
