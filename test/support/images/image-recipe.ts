import type { ImageService } from '../../../src/rehearsal/services/containers/images.ts'

/** How an image is made of the Debian that all begin with. */
export interface ImageRecipe {
  readonly service: ImageService
  /** Tells it from those that hold something else, beside what this file says itself. */
  readonly holds: string
  /** What a Dockerfile says after its FROM. */
  readonly dockerfile: readonly string[]
  /** Files of this folder that go to the folder of the build. */
  readonly files: readonly string[]
  /** Writes the archive `content.tar` for the build. */
  content?(archive: string): Promise<void>
}
