/** Columns where nobody says how wide a terminal is. */
const UNKNOWN = 100

/** How wide a stream's terminal is; some terminals, and what stands between them and us, say 0 for "not known". */
export const columnsOf = ({ columns }: { readonly columns?: number | undefined }): number =>
  columns === undefined || columns <= 0 ? UNKNOWN : columns
