import type { OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import { Database } from '@gateway/persistence';
import { Readiness } from '@gateway/platform';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { importJWK } from 'jose';
import { InternalServices } from '../outbound/internal-services';
import { OfferKeyRepository } from '../outbound/offer-key.repository';

/** A published key, ready to verify with. */
export interface OfferKey {
  kid: string;
  publicKey: CryptoKey;
  signsFromMs: number;
  validUntilMs: number;
}

const LONGEST_KID = 64;
/** A kid that nobody knows makes us look once in this time, however often it is sent. */
const LOOK_AGAIN_MS = 1_000;

/**
 * The keys that sign offers. They come with fx.key.events.v1 into the database (by whichever instance consumes them) and
 * are asked for once at the start; an unknown kid makes this instance look again.
 */
@Injectable()
export class OfferKeys implements OnModuleInit {
  private readonly logger = new Logger('offer-keys');
  private readonly ring = new Map<string, OfferKey>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly repository: OfferKeyRepository,
    private readonly services: InternalServices,
    private readonly readiness: Readiness,
  ) {}

  /** The start does not wait for fx-settlement; without any key the process is not ready. */
  onModuleInit(): void {
    this.readiness.register('offer keys', async () => {
      if (this.ring.size === 0) await this.look();
      return this.ring.size === 0 ? 'no key that signs offers is known yet' : null;
    });
    void this.look();
  }

  /** The key, if it was published; kid is data of the sender and is used as a name alone. */
  async find(kid: string | undefined): Promise<OfferKey | null> {
    if (typeof kid !== 'string' || kid.length > LONGEST_KID) return null;
    if (!this.ring.has(kid)) await this.look();
    return this.ring.get(kid) ?? null;
  }

  /** Looks into the database, then asks fx-settlement; whoever asks meanwhile waits for the same look. */
  private look(): Promise<void> {
    if (this.looking !== null) return this.looking;
    if (performance.now() - this.lookedAt < LOOK_AGAIN_MS) return Promise.resolve();
    this.lookedAt = performance.now();
    this.looking = this.refresh()
      .catch((error: Error) => this.logger.warn({ event: 'offer_keys_not_refreshed', error: error.message }))
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  private async refresh(): Promise<void> {
    const before = this.ring.size;
    await this.takeIn(await this.repository.all(this.database));
    if (this.ring.size > before) return;
    const published = await this.services.offerKeys();
    await this.repository.save(this.database, published);
    await this.takeIn(published);
  }

  private async takeIn(keys: readonly OfferKeyPublished[]): Promise<void> {
    for (const key of keys) {
      const publicKey = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: key.x }, 'EdDSA');
      if (publicKey instanceof Uint8Array) continue;
      this.ring.set(key.kid, {
        kid: key.kid,
        publicKey,
        signsFromMs: Date.parse(key.signs_from),
        validUntilMs: Date.parse(key.valid_until),
      });
    }
  }
}
