// Tests that run alone run in the order of their names: the one that moves the system's clock comes last.
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class InOrderOfNames extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1));
  }
};
