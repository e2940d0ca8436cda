/** How the name of a container ends that is to be left running. */
export const KEPT_SUFFIX = '-kept'
