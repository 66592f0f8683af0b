import { offerKeyEvents } from '@gateway/contracts/fx.key.events.v1';
import type { OfferKeyPublished } from '@gateway/contracts/fx.key.events.v1';
import { NOTHING, OutboxTransactions } from '@gateway/messaging';
import { Clock, IdSource } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { nextPeriod, signingKey } from '../domain/key-rotation';
import { OfferKeyStore } from './offer-keys';
import type { OfferKey } from './offer-keys';

const PARTITION = 0;

/** Sees to it that there is a key to sign with, and that the next one is published long enough before it signs. */
@Injectable()
export class RotateOfferKeys {
  private keys: OfferKey[] = [];
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly store: OfferKeyStore,
    private readonly transactions: OutboxTransactions,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** Called at start and every minute by every instance; one of them makes the key, in the transaction that tells it. */
  refresh(): Promise<void> {
    this.refreshing ??= this.makeDue().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  /** The id of the key that signs now. Where none can any more, one is made at once, and whoever asks meanwhile waits for it. */
  async signing(): Promise<string | undefined> {
    const kid = (): string | undefined => signingKey(this.keys, this.clock.now())?.kid;
    if (kid() === undefined) await this.refresh();
    return kid();
  }

  /** Every key whose offers may still be alive, as readers know it. */
  async published(): Promise<OfferKeyPublished[]> {
    return (await this.store.valid(this.clock.now())).map(published);
  }

  private async makeDue(): Promise<void> {
    this.keys = await this.store.valid(this.clock.now());
    if (nextPeriod(this.keys, this.clock.now()) === undefined) return;
    this.keys = await this.transactions.run(async (tx) => {
      const keys = await this.store.lockValid(this.clock.now(), tx);
      const period = nextPeriod(keys, this.clock.now());
      if (period === undefined) return { result: keys, emit: NOTHING };
      const made = await this.store.make({ kid: this.ids.next('kid'), ...period }, tx);
      const record = { contract: offerKeyEvents, data: published(made), partition: PARTITION };
      return { result: [...keys, made], emit: { records: [record] } };
    });
  }
}

function published(key: OfferKey): OfferKeyPublished {
  return {
    kid: key.kid,
    x: key.publicX,
    signs_from: key.signsFrom.toISOString(),
    valid_until: key.validUntil.toISOString(),
  };
}
