import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadModule } from './load-module';

const PROVISION = path.resolve(__dirname, '../../..', 'routing', 'src', 'provision');
/** Their tokens hold 30 days; new ones are made in time. */
const RENEW_AFTER_MS = 25 * 86_400_000;

/** One demo person: named, with one role, and a token that proves it. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly token: string;
}

interface DemoPeople {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: object;
  readonly people: readonly DemoPerson[];
}

/** What routing must know to verify operators, and the people themselves. */
export interface Operators {
  readonly variables: Readonly<Record<string, string>>;
  readonly people: readonly DemoPerson[];
}

const NOBODY: Operators = { variables: {}, people: [] };

/**
 * The operators of a local installation: demo people, two per role, so that what one asks for another can approve. Where
 * OPERATOR_ISSUER names an identity provider of the user's own, its people are the operators.
 */
export async function provideDemoPeople(dataDir: string, env: NodeJS.ProcessEnv): Promise<Operators> {
  if (env.OPERATOR_ISSUER || !existsSync(`${PROVISION}.js`)) return NOBODY;
  const { issuer, audience, jwks, people } = await keptPeople(path.join(dataDir, 'operators.json'));
  const keys = path.join(dataDir, 'operators-jwks.json');
  writeFileSync(keys, JSON.stringify(jwks));
  return { variables: { OPERATOR_ISSUER: issuer, OPERATOR_AUDIENCE: audience, OPERATOR_JWKS: keys }, people };
}

async function keptPeople(file: string): Promise<DemoPeople> {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoPeople & { made: number }) : undefined;
  if (kept && Date.now() - kept.made < RENEW_AFTER_MS) return kept;
  const { mintDemoPeople } = loadModule(PROVISION) as { mintDemoPeople: () => Promise<DemoPeople> };
  const made = await mintDemoPeople();
  writeFileSync(file, JSON.stringify({ ...made, made: Date.now() }), { mode: 0o600 });
  return made;
}
