import path from 'node:path';
import type { DecryptionSettings } from './messages';

/** From `dist/apps/us-wallet/src/decryption` to the project. */
const TO_PROJECT = '../../../../..';

/**
 * Node's permission model for the decryption process as it is built: it reads the program and its key files, writes
 * nothing, and starts neither processes nor threads. Run from its sources, in tests, it needs their compiler and is free.
 */
export function restrictionsFor(script: string, settings: DecryptionSettings): string[] {
  if (path.extname(script) !== '.js') return process.execArgv;
  const project = path.resolve(path.dirname(script), TO_PROJECT);
  const program = ['dist', 'node_modules', 'package.json'].map((name) => path.join(project, name));
  const readable = [...program, ...keyFilesOf(settings)];
  return [permissionFlag(), ...readable.map((file) => `--allow-fs-read=${file}`)];
}

function keyFilesOf({ merchants }: DecryptionSettings): string[] {
  return merchants
    .flatMap(({ processing_keys }) => processing_keys)
    .flatMap(({ certificate_file, private_key_file }) => [certificate_file, private_key_file])
    .filter((file) => file !== undefined)
    .map((file) => path.resolve(file));
}

/** The flag lost its prefix when the model became stable. */
function permissionFlag(): string {
  const stable = '--permission';
  return process.allowedNodeEnvironmentFlags.has(stable) ? stable : '--experimental-permission';
}
