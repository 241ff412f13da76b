const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Starts the simulations before all others. Without the timings of a run before, as in CI, Jest takes a long spec for
 * one with many lines: these have three, and so would begin when the other workers have nothing left to do.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const isSimulation = ({ path }) => path.includes('/simulator/');
    return super.sort(tests).toSorted((one, two) => Number(isSimulation(two)) - Number(isSimulation(one)));
  }
};
