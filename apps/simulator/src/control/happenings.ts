import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@gateway/persistence';
import { CardActions } from '../acquirer/card-actions';
import type { CardDispute, DisputeDecision } from '../acquirer/card-dispute';
import { CardDisputes, type DisputeClaim } from '../acquirer/card-disputes';
import { CardPayments } from '../acquirer/card-payments';
import { inquiryAnswer } from '../ams/ams-payment';
import { AmsPayments, type PayerAnswer } from '../ams/ams-payments';
import { NotificationSender } from '../faults/notification-sender';
import { Transfers } from '../open-platform/transfers';
import { SettingsStore } from '../outbound/settings.store';
import { unknownThing } from './control-request';

/** The networks at which something can happen. */
@Injectable()
export class HappeningNetworks {
  constructor(
    readonly collections: AmsPayments,
    readonly transfers: Transfers,
    readonly cards: CardActions,
    readonly disputes: CardDisputes,
    readonly cardPayments: CardPayments,
  ) {}
}

/** Things that happen at the networks without a request of ours. */
@Injectable()
export class Happenings {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsStore,
    private readonly sender: NotificationSender,
    private readonly networks: HappeningNetworks,
  ) {}

  async payerAnswers(id: string, answer: PayerAnswer): Promise<Record<string, unknown>> {
    return this.happen('order', async (tx, now) => {
      const payment = await this.networks.collections.answer(tx, id, answer, now);
      return payment && inquiryAnswer(payment);
    });
  }

  async transferReturns(id: string, part: bigint | null): Promise<{ returned: true }> {
    return this.happen('credited transfer', async (tx, now) =>
      (await this.networks.transfers.giveBack(tx, id, part, now)) ? { returned: true as const } : undefined,
    );
  }

  async payoutReturns(id: string, part: bigint | null): Promise<{ returned: true }> {
    return this.happen('paid payout', async (tx, now) =>
      (await this.networks.cards.returnPayout(tx, id, part, now)) ? { returned: true as const } : undefined,
    );
  }

  /** The acquirer gives a cardholder back by itself what it has taken, by its payment id. */
  async cardTakenBack(id: string, part: bigint | null): Promise<{ taken_back: true }> {
    return this.happen('payment with so much to take back', async (tx, now) =>
      (await this.networks.cards.takeBack(tx, id, part, now)) ? { taken_back: true as const } : undefined,
    );
  }

  /** A cardholder's bank takes a payment's money back, by the acquirer's payment id. */
  async cardholderDisputes(id: string, claimAt: (now: Date) => DisputeClaim): Promise<CardDispute> {
    return this.happen('payment with so much to dispute', (tx, now) =>
      this.networks.disputes.raise(tx, id, claimAt(now), now),
    );
  }

  async disputeEnds(id: string, decision: DisputeDecision): Promise<CardDispute> {
    return this.happen('open dispute', (tx, now) => this.networks.disputes.decide(tx, id, decision, now));
  }

  /** What a network refused, or acknowledged as undone, it has done after all. */
  async lateSuccess(network: 'acquirer' | 'open_platform', reference: string): Promise<{ succeeded: true }> {
    const { cardPayments, transfers } = this.networks;
    const end = network === 'acquirer' ? cardPayments : transfers;
    return this.happen('ended payment or transfer', async (tx, now) =>
      (await end.succeedLate(tx, reference, now)) ? { succeeded: true as const } : undefined,
    );
  }

  private async happen<T>(what: string, work: (tx: Tx, now: Date) => Promise<T | undefined>): Promise<T> {
    const now = await this.settings.now();
    const done = await this.database.transaction((tx) => work(tx, now));
    if (done === undefined) throw unknownThing(what);
    this.sender.kick();
    return done;
  }
}
