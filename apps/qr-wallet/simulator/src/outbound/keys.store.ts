import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';

/** The sandbox merchant and both parties' keys (PEM). */
export interface Keys {
  readonly merchant_id: string;
  readonly merchant_private_key: string;
  readonly qrpay_private_key: string;
}

const SETTING = 'keys';

/** Keys are made once and outlive restarts. */
@Injectable()
export class KeysStore {
  private known: Keys | undefined;

  constructor(private readonly database: Database) {}

  async get(): Promise<Keys> {
    if (this.known) return this.known;
    const made: Keys = {
      merchant_id: 'mrc-wallet-gateway',
      merchant_private_key: privateKey(),
      qrpay_private_key: privateKey(),
    };
    await this.database.query('INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      SETTING,
      JSON.stringify(made),
    ]);
    const [row] = await this.database.query<{ value: Keys }>('SELECT value FROM setting WHERE name = $1', [SETTING]);
    this.known = row!.value;
    return this.known;
  }

  async signingKey(): Promise<KeyObject> {
    return createPrivateKey((await this.get()).qrpay_private_key);
  }
}

export function publicKeyOf(privateKeyPem: string): string {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
}

function privateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
