/* global jest */
/** A time-out only ends what hangs: nothing is proved by being quick, and the machine is shared. */
jest.setTimeout(120_000);
