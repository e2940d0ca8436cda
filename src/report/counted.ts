/** `1 account`, `2,000 accounts`, and `2,000` alone: how findings and errors count things. */
export { formatCount as counted, formatInteger as numbered } from '../terminal/numbers.ts'
