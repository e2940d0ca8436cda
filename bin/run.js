#!/usr/bin/env node
import module from 'node:module'
import process from 'node:process'
import v8 from 'node:v8'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 22)) {
  // Rows pass through as buffers that die young: a young generation that does not grow keeps memory flat.
  v8.setFlagsFromString('--semi-space-growth-factor=1')
  module.enableCompileCache?.()
  const { execute } = await import('@oclif/core')
  // Not awaited: a reader that closes our output early would leave the await unsettled, which Node complains about.
  void execute({ dir: import.meta.url })
} else {
  process.stderr.write(
    `syn2op needs Node.js 22.22 or later; this is ${process.versions.node}. To add one to this folder: npm i node@24\n`,
  )
  process.exitCode = 64
}
