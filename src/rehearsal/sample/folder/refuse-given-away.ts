import { access, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'

/**
 * Refuses a key that would be given away with the sample: in its folder, or in the same git repository, by way of links too.
 * @throws Syn2opError usage
 */
export const refuseGivenAway = async (file: string, out: string): Promise<void> => {
  const [key, sample] = await Promise.all([realPlace(resolve(file)), realPlace(resolve(out))])
  const next = ['Name a file elsewhere, and keep it where only you may read.']
  if (isWithin(key, sample)) {
    throw new Syn2opError('usage', `--key: ${file} is in the folder of the sample, and would be given away with it`, {
      next,
    })
  }
  const repository = await repositoryOf(sample)
  if (repository === undefined || !isWithin(key, repository)) return
  throw new Syn2opError(
    'usage',
    `--key: ${file} is in ${repository}, the git repository in which the sample is, and could be committed with it`,
    { next },
  )
}

const isWithin = (place: string, folder: string): boolean => {
  const way = relative(folder, place)
  return !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}

/** Without links, as far as it is there. */
const realPlace = async (place: string): Promise<string> => {
  try {
    return await realpath(place)
  } catch {
    const above = dirname(place)
    return above === place ? place : join(await realPlace(above), basename(place))
  }
}

const repositoryOf = async (place: string): Promise<string | undefined> => {
  const isOne = await access(join(place, '.git')).then(
    () => true,
    () => false,
  )
  if (isOne) return place
  const above = dirname(place)
  return above === place ? undefined : repositoryOf(above)
}
