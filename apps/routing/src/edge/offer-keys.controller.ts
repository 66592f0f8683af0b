import { offerKeyEvents } from '@gateway/contracts/fx.key.events.v1';
import { Consumes, isOf, NOTHING, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { Controller } from '@nestjs/common';
import { OfferKeyRepository } from '../outbound/offer-key.repository';

/** Stores the keys that fx-settlement publishes 15 minutes before they sign. */
@Controller()
export class OfferKeysController {
  constructor(private readonly repository: OfferKeyRepository) {}

  @Consumes(offerKeyEvents)
  async published(records: InboundRecord[], tx: Tx): Promise<Emitted> {
    const keys = records.filter((record) => isOf(record, offerKeyEvents)).map((record) => record.data);
    await this.repository.save(tx, keys);
    return NOTHING;
  }
}
