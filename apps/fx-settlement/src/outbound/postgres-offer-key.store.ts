import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { Database } from '@gateway/persistence';
import type { Tx } from '@gateway/persistence';
import { Sealer } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { CompactSign } from 'jose';
import type { KeyPeriod } from '../domain/key-rotation';
import { OfferKeyStore, OfferSigner } from '../use-cases/offer-keys';
import type { OfferKey } from '../use-cases/offer-keys';

const VALID = 'SELECT kid, public_x, signs_from, valid_until FROM offer_key WHERE valid_until > $1 ORDER BY signs_from';
/** Any number that only this lock uses; it makes instances take turns at making a key. */
const LOCK = 'SELECT pg_advisory_xact_lock(7083001)';
const INSERT = `
  INSERT INTO offer_key (kid, public_x, sealed_private, signs_from, valid_until) VALUES ($1, $2, $3, $4, $5)`;
const SEALED = 'SELECT sealed_private FROM offer_key WHERE kid = $1';

interface KeyRow {
  kid: string;
  public_x: string;
  signs_from: Date;
  valid_until: Date;
}

@Injectable()
export class PostgresOfferKeyStore extends OfferKeyStore {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  valid(now: Date): Promise<OfferKey[]> {
    return this.read(now, this.database);
  }

  async lockValid(now: Date, tx: Tx): Promise<OfferKey[]> {
    await tx.query(LOCK);
    return this.read(now, tx);
  }

  async make(period: KeyPeriod, tx: Tx): Promise<OfferKey> {
    const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const publicX = jwk.x ?? '';
    const sealed = this.sealer.seal(JSON.stringify(jwk), period.kid);
    await tx.query(INSERT, [period.kid, publicX, sealed, period.signsFrom, period.validUntil]);
    return { ...period, publicX };
  }

  private async read(now: Date, tx: Tx): Promise<OfferKey[]> {
    const rows = await tx.query<KeyRow>(VALID, [now]);
    return rows.map((row) => ({
      kid: row.kid,
      publicX: row.public_x,
      signsFrom: row.signs_from,
      validUntil: row.valid_until,
    }));
  }
}

/** Signs with keys from the database; an opened key stays in memory only. */
@Injectable()
export class SealedOfferSigner extends OfferSigner {
  private readonly opened = new Map<string, KeyObject>();

  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  async sign(payload: object, kid: string): Promise<string> {
    const key = this.opened.get(kid) ?? (await this.open(kid));
    return new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', kid }).sign(key);
  }

  private async open(kid: string): Promise<KeyObject> {
    const [row] = await this.database.query<{ sealed_private: Buffer }>(SEALED, [kid]);
    if (row === undefined) throw new Error(`no key ${kid}`);
    const jwk = JSON.parse(this.sealer.open(row.sealed_private, kid)) as JsonWebKey;
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    this.opened.set(kid, key);
    return key;
  }
}
