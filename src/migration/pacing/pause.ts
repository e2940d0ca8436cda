/** Whether a run is to rest. */
export interface Pause {
  isPaused(): boolean
  /** Called after each change; the function that it returns ends that. */
  onChange(listener: () => void): () => void
}

export const neverPaused: Pause = { isPaused: () => false, onChange: () => () => {} }
