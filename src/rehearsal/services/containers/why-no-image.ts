import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { openEngine } from './engine.ts'
import type { Pull } from './images.ts'

export interface WantedImage {
  readonly image: string
  readonly pull: Pull
}

/**
 * Sees to it that the engine has an image before anything is begun with it: what is missing is fetched, where it may be.
 * @returns why it cannot be had, in words; undefined: the engine has it
 * @throws Syn2opError run.interrupted; the engine may then go on fetching
 */
export const whyNoImage = async (
  { image, pull }: WantedImage,
  { note, signal }: { readonly note: (message: string) => void; readonly signal: AbortSignal },
): Promise<string | undefined> => {
  const { library, client } = await openEngine()
  const name = library.ImageName.fromString(image)
  const isThere = (): Promise<boolean> => client.image.exists(name).catch(() => false)
  if (pull !== 'always' && (await isThere())) return undefined
  if (pull === 'never') return `the engine has no image ${image}, and none is to be fetched (--pull missing fetches it)`
  note(`Fetching the image ${image}`)
  const fetched = client.image.pull(name, { force: pull === 'always', platform: undefined }).then(
    // A registry's refusal may come in the midst of what it sends, and is no error of the library.
    () => isThere(),
    () => false,
  )
  if (await Promise.race([fetched, aborted(signal)])) return undefined
  return `the image ${image} cannot be fetched (docker pull ${image} says why)`
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const refuse = (): void =>
      reject(new Syn2opError('run.interrupted', 'Fetching an image was interrupted', { cause: signal.reason }))
    if (signal.aborted) refuse()
    else signal.addEventListener('abort', refuse, { once: true })
  })
