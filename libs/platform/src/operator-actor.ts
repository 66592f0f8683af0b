/**
 * A person's id as the identity provider issues it (`sub`). With its prefix it fits the audit record's `actor`, so that
 * nobody is let in whose acts could not be written down.
 */
const ID = '[\\x21-\\x7e]{1,80}';

/** The id alone, at the edge that verifies the person's token. */
export const OPERATOR_ID = new RegExp(`^${ID}$`);

/** `operator:<id>`, as services tell each other who acts. */
export const OPERATOR_ACTOR = new RegExp(`^operator:${ID}$`);
