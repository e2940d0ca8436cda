import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import type { ImageService } from '../../../src/rehearsal/services/containers/images.ts'
import { docker } from './docker.ts'
import type { ImageRecipe } from './image-recipe.ts'
import { recipeOf, wholeRecipe } from './recipes.ts'

const run = promisify(execFile)
const HERE = import.meta.dirname

/** Images that cannot be pulled here are made: 10 seconds each, and 20 more for the first one on a machine. */
export interface TestImages {
  /** Makes an image that behaves like the official one, unless the engine has it, and says its name. */
  named(service: ImageService): Promise<string>
}

/** @param engine the engine's address; undefined: the usual one */
export const testImages = (engine: string | undefined): TestImages => {
  const made = new Map<string, Promise<string>>()
  const once = (name: string, make: () => Promise<string>): Promise<string> => {
    const making = made.get(name) ?? make()
    made.set(name, making)
    return making
  }
  const base = (): Promise<string> => once('base', () => importBase(engine))
  return { named: (service) => once(service, () => buildImage(engine, service, base)) }
}

const has = (engine: string | undefined, image: string): Promise<boolean> =>
  docker(engine, 'image', 'inspect', image).then(
    () => true,
    () => false,
  )

/** The archive's name tells what is in it. */
const importBase = async (engine: string | undefined): Promise<string> => {
  const { stdout } = await run('bash', [join(HERE, 'make-base')], { maxBuffer: 16_000_000 })
  const archive = stdout.trim()
  const image = `syn2op-test-base:${basename(archive, '.tar').replace(/^.*-/u, '')}`
  if (!(await has(engine, image))) await docker(engine, 'import', archive, image)
  return image
}

const buildImage = async (
  engine: string | undefined,
  service: ImageService,
  base: () => Promise<string>,
): Promise<string> => {
  const recipe = await recipeOf(service)
  const from = await base()
  const digest = createHash('sha256').update(`${from}\n${await wholeRecipe(recipe)}`)
  const image = `syn2op-test-${service}:${digest.digest('hex').slice(0, 12)}`
  if (!(await has(engine, image))) await build(engine, recipe, from, image)
  return image
}

const build = async (engine: string | undefined, recipe: ImageRecipe, from: string, image: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-image-'))
  try {
    for (const file of recipe.files) {
      await copyFile(join(HERE, file), join(folder, file))
      await chmod(join(folder, file), 0o755)
    }
    await recipe.content?.(join(folder, 'content.tar'))
    await writeFile(join(folder, 'Dockerfile'), [`FROM ${from}`, ...recipe.dockerfile, ''].join('\n'))
    await docker(engine, 'build', '--quiet', '--tag', image, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
