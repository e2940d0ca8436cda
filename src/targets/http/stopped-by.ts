/** Why a signal was aborted, as the error to end with. */
export const stoppedBy = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new DOMException('The work was stopped', 'AbortError')
