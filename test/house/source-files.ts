import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const project = join(__dirname, '../..');
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.gateway', 'coverage']);

/** Files of the project below a folder whose names end so, as paths from the project's root. */
export function sourceFiles(folder: string, ending: string): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(project, folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(relative(project, path), ending);
    return entry.name.endsWith(ending) ? [relative(project, path)] : [];
  });
}

export function textOf(file: string): string {
  return readFileSync(join(project, file), 'utf8');
}
