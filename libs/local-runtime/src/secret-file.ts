import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** 24 bytes are beyond guessing; base64url needs no quoting in an address. */
const SECRET_BYTES = 24;

/**
 * Secrets that a local installation draws once and keeps: passwords of database roles, keys of the demo.
 * One file, readable by its owner only.
 */
export class SecretFile {
  private readonly values: Record<string, string>;

  constructor(private readonly file: string) {
    this.values = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  }

  /** The value of that name; the first call makes it and keeps it. */
  get(name: string, make: () => string = () => randomBytes(SECRET_BYTES).toString('base64url')): string {
    const known = this.values[name];
    if (known !== undefined) return known;
    const made = make();
    this.values[name] = made;
    this.save();
    return made;
  }

  private save(): void {
    const beside = `${this.file}.new`;
    writeFileSync(beside, `${JSON.stringify(this.values, null, 2)}\n`, { mode: 0o600 });
    renameSync(beside, this.file);
  }
}
