import { createSign } from 'node:crypto';
import { Client } from 'pg';

/** The private keys of the simulated Alipay: a test that has them writes notifications that are signed as they should be. */
export interface AlipaysOwnKeys {
  alipayKey: string;
  amsServerKey: string;
}

export async function readAlipaysOwnKeys(databaseUrl: string): Promise<AlipaysOwnKeys> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ value: AlipaysOwnKeys }>(
      `SELECT value FROM setting WHERE name = 'alipay-keys'`,
    );
    if (rows[0] === undefined) throw new Error('the simulator has made no keys yet');
    return rows[0].value;
  } finally {
    await client.end();
  }
}

export type FormPairs = readonly (readonly [name: string, value: string])[];

/** A form with `sign`, over everything but `sign` and `sign_type`, sorted by name. */
export function signedForm(pairs: FormPairs, key: string, algorithm = 'RSA-SHA256'): FormPairs {
  const text = [...pairs]
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && value !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [...pairs, ['sign', createSign(algorithm).update(text).sign(key, 'base64')]];
}

/** The `Signature` header of a cross-border notification. */
export function amsSignature(
  message: { path: string; clientId: string; time: string; body: string },
  key: string,
): string {
  const content = `POST ${message.path}\n${message.clientId}.${message.time}.${message.body}`;
  const signature = createSign('RSA-SHA256').update(content).sign(key, 'base64');
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`;
}
