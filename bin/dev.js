#!/usr/bin/env node
import { execute } from '@oclif/core'

// Runs src/ as it stands, through tsx; bin/run.js runs what was built.
await execute({ dir: import.meta.url, development: true })
