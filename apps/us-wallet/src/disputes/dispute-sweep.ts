import { Injectable } from '@nestjs/common';
import { ReceiveNotification } from '@gateway/wallet-network';
import { CALL_TIMEOUT_MS } from '../applepay.description';
import { ApplePayClients } from '../applepay.clients';
import type { MentionedDispute } from '../acquirer/dispute-answers';
import { DisputeSweepRepository, type ClaimedSweep } from '../outbound/dispute-sweep.repository';

/** The acquirer lists at most this many disputes an answer. */
const PAGE = 250;

/**
 * Asks the acquirer which disputes have changed since the last time: a first webhook can be lost for good, and the money is
 * gone nevertheless. What is found has the same effect as a webhook and no other: the payment's hold or pull is asked
 * about. Each change of a dispute asks once, however often it is listed.
 */
@Injectable()
export class DisputeSweep {
  constructor(
    private readonly clients: ApplePayClients,
    private readonly sweeps: DisputeSweepRepository,
    private readonly notifications: ReceiveNotification,
  ) {}

  /** Sweeps if it is time and nobody else does. Answers how many questions it led to; null where it was not its turn. */
  async run(): Promise<number | null> {
    const claimed = await this.sweeps.claim();
    return claimed === null ? null : await this.sweep(claimed);
  }

  /** Changes while pages are read come first in the list: none is passed over, and some are seen twice. */
  private async sweep(claimed: ClaimedSweep): Promise<number> {
    let asked = 0;
    for (let skip = 0; await this.sweeps.keep(claimed); skip += PAGE) {
      const page = await this.page(claimed.from, skip);
      for (const dispute of page) asked += (await this.ask(dispute)) ? 1 : 0;
      if (page.length < PAGE) {
        await this.sweeps.finish(claimed);
        break;
      }
    }
    return asked;
  }

  private async page(from: Date, skip: number): Promise<MentionedDispute[]> {
    const range = { from, skip, limit: PAGE };
    const call = await this.clients.acquirer.disputesSince(range, AbortSignal.timeout(CALL_TIMEOUT_MS));
    if (call.kind === 'answered') return call.answer;
    throw new Error(`the acquirer has not listed its disputes: ${call.kind}`);
  }

  private async ask({ id, paymentReference, lastUpdate }: MentionedDispute): Promise<boolean> {
    return await this.notifications.hearOfDispute(paymentReference, `sweep:${id}:${lastUpdate}`);
  }
}
