/** `1 account`, `2,000 accounts`: how findings and errors count things. */
export { formatCount as counted } from '../terminal/numbers.ts'
