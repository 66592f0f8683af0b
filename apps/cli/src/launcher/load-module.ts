import { createRequire } from 'node:module';

const requireHere = createRequire(__filename);

/** Loads a module of the build that is found by pattern; whoever calls it says what the module exports. */
export function loadModule(file: string): unknown {
  return requireHere(file);
}
