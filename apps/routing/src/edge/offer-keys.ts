import type { OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import { Database } from '@gateway/persistence';
import { Readiness } from '@gateway/platform';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { importJWK } from 'jose';
import { InternalServices } from '../outbound/internal-services';
import { OfferKeyRepository } from '../outbound/offer-key.repository';
import { problem } from './problems';

/** A published key, ready to verify with. */
export interface OfferKey {
  kid: string;
  publicKey: CryptoKey;
  signsFromMs: number;
  validUntilMs: number;
}

const LONGEST_KID = 64;
/** A kid that nobody knows makes us look once in this time, however often it is sent: who sends it waits. */
const LOOK_AGAIN_MS = 1_000;
const RETRY_AFTER_S = 2;
/** A look that failed has been told in the log; who needs its key looks again. */
const ignored = (): void => undefined;

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
      if (this.ring.size === 0) await this.look().catch(ignored);
      return this.ring.size === 0 ? 'no key that signs offers is known yet' : null;
    });
    this.look().catch(ignored);
  }

  /**
   * The key, if it was published; kid is data of the sender and is used as a name alone.
   *
   * @throws Problem 503 where nobody can be asked: whether there is such a key is not known then
   */
  async find(kid: string | undefined): Promise<OfferKey | null> {
    if (typeof kid !== 'string' || kid.length > LONGEST_KID) return null;
    // A look that had begun before may have missed a key that was published since: it proves nothing.
    const looks = this.looking === null ? 1 : 2;
    for (let look = 0; look < looks && !this.ring.has(kid); look++) await this.lookFor(kid);
    return this.ring.get(kid) ?? null;
  }

  private async lookFor(kid: string): Promise<void> {
    await this.look().catch(() => {
      if (!this.ring.has(kid)) throw problem('SERVICE_UNAVAILABLE', { param: 'offer', retryAfterS: RETRY_AFTER_S });
    });
  }

  /** One look at a time; whoever asks meanwhile waits for it. */
  private look(): Promise<void> {
    this.looking ??= this.lookInTurn().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async lookInTurn(): Promise<void> {
    const early = this.lookedAt + LOOK_AGAIN_MS - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    this.lookedAt = performance.now();
    try {
      await this.refresh();
    } catch (error) {
      this.logger.warn({ event: 'offer_keys_not_refreshed', error: (error as Error).message });
      throw error;
    }
  }

  /** Looks into the database, then asks fx-settlement. */
  private async refresh(): Promise<void> {
    await this.takeIn(await this.repository.all(this.database));
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
