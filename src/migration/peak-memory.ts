/** The process's highest resident memory so far, bytes. Node reports it in kibibytes, on every platform. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
