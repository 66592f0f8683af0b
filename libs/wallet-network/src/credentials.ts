import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const SANDBOX_TRIES = 120;
const SANDBOX_WAIT_MS = 250;

/** Where a wallet service's credentials come from; its configuration has these fields. */
export interface CredentialsConfig {
  credentialsFile?: string;
  /** `1`: without a file they are fetched from the simulator. */
  sandbox: '0' | '1';
  simulatorUrl: string;
  simulatorControlToken?: string;
}

/** What a network's credentials are called. */
export interface CredentialsName {
  /** In the simulator's address: `/control/<id>/credentials`. */
  id: string;
  /** The variable that names the file. */
  variable: string;
  /** What is in the file, for people. */
  what: string;
}

/** From the credentials file, or in a sandbox from the simulator, which may start later than we do. @throws Error that says what is missing */
export async function readCredentials<T>(config: CredentialsConfig, name: CredentialsName): Promise<T> {
  if (config.credentialsFile !== undefined) return JSON.parse(readFileSync(config.credentialsFile, 'utf8')) as T;
  if (config.sandbox !== '1') throw new Error(`${name.variable} is not set: name the file with ${name.what}.`);
  return fromSandbox<T>(`${config.simulatorUrl}/control/${name.id}/credentials`, config.simulatorControlToken ?? '');
}

async function fromSandbox<T>(url: string, token: string): Promise<T> {
  let problem = '';
  for (let attempt = 0; attempt < SANDBOX_TRIES; attempt++) {
    try {
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (response.ok) return (await response.json()) as T;
      problem = `status ${response.status}`;
    } catch (error) {
      problem = (error as Error).message;
    }
    await sleep(SANDBOX_WAIT_MS);
  }
  throw new Error(`The sandbox gave no credentials at ${url} (${problem}): is the simulator running?`);
}
