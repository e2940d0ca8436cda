#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { execute, settings } from '@oclif/core'

// Runs src/ as it stands: Node strips the types itself, so oclif is told to look there and to transpile nothing.
// bin/run.js runs what was built.
const root = fileURLToPath(new URL('..', import.meta.url))
const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
const pjson = JSON.parse(text.replaceAll('"./dist/', '"./src/').replaceAll(/("\.\/src\/[^"]*)\.js"/g, '$1.ts"'))
settings.enableAutoTranspile = false
void execute({ development: true, loadOptions: { root, pjson, ignoreManifest: true } })
