import type { Tx } from '@gateway/persistence';
import type { KeyPeriod } from '../domain/key-rotation';

/** A key as kept: the public half, and a sealed private half that only the store opens. */
export interface OfferKey extends KeyPeriod {
  /** RFC 8037 `x`, base64url. */
  readonly publicX: string;
}

/** Keys that sign offers. */
export abstract class OfferKeyStore {
  /** Keys whose offers may still be alive. */
  abstract valid(now: Date): Promise<OfferKey[]>;

  /** The same under a lock that other instances wait for, inside the transaction that may make the next key. */
  abstract lockValid(now: Date, tx: Tx): Promise<OfferKey[]>;

  /** Makes a key pair and stores it, the private half sealed. */
  abstract make(period: KeyPeriod, tx: Tx): Promise<OfferKey>;
}

/** Signs the payload of an offer as a compact JWS (EdDSA) with a key by id. */
export abstract class OfferSigner {
  abstract sign(payload: object, kid: string): Promise<string>;
}
