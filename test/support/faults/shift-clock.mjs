// Loaded into the program before all else (node --import): its clock is off by SYN2OP_TEST_CLOCK_MS, as on a machine
// whose clock was set wrong. Clocks that only measure are right.
const shift = Number(process.env['SYN2OP_TEST_CLOCK_MS'])
const Right = Date

globalThis.Date = class MovedDate extends Right {
  constructor(...given) {
    if (given.length === 0) super(Right.now() + shift)
    else super(...given)
  }

  static now() {
    return Right.now() + shift
  }
}
