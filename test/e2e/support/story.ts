import { bookings, expectBalanced, expectNothingReserved } from './books';
import { until, type Gateway } from './gateway';
import type { PartnerClient, PaymentView } from './partner-client';
import { executed, pay, stateOf, untilOver, type Direction, type PaymentWish } from './payments';
import { auditOf } from './records';
import { WebhookReceiver } from './webhook-receiver';

/** How a payment of the failure suite (domain.md 5.5) ends, in everything that anybody keeps or is told about it. */
export interface Ending {
  status: PaymentView['status'];
  state: string;
  /** Movements that both networks executed, by operation. */
  executed: Record<string, number>;
  /** Codes of the ledger's bookings, in order. */
  booked: readonly string[];
  /** Webhooks that the partner received and verified, in order, without `payment.`. */
  told: readonly string[];
  /** What the audit log must name of the payment's own changes, in order, without `payment.`; others may lie between. */
  audited: readonly string[];
}

/** One partner with a receiver of its own, whose payment is followed to its end. */
export class Story {
  private constructor(
    readonly gateway: Gateway,
    readonly partner: PartnerClient,
    readonly receiver: WebhookReceiver,
  ) {}

  static async begin(gateway: Gateway): Promise<Story> {
    const partner = await gateway.newPartner();
    return new Story(gateway, partner, await WebhookReceiver.open(gateway, partner));
  }

  pay(direction: Direction, wish?: PaymentWish): Promise<PaymentView> {
    return pay(this.gateway, this.partner, direction, wish);
  }

  /** Waits for the payment's end and holds all that is known about it against what is wanted. */
  async ends(id: string, wanted: Ending): Promise<PaymentView> {
    const payment = await untilOver(this.partner, id, 120_000);
    expect([payment.status, stateOf(payment)]).toEqual([wanted.status, wanted.state]);
    expect(await executed(this.gateway, id)).toEqual(wanted.executed);
    await expectNothingReserved(this.gateway, id);
    await this.booked(id, wanted.booked);
    await expectBalanced(this.gateway);
    await this.told(id, wanted.told);
    await this.audited(id, wanted.audited);
    return payment;
  }

  private async booked(id: string, wanted: readonly string[]): Promise<void> {
    const codes = async (): Promise<string[]> => (await bookings(this.gateway, id)).map(({ code }) => code);
    await until(`${id} is booked`, async () => (await codes()).length >= wanted.length);
    expect(await codes()).toEqual(wanted);
  }

  private async told(id: string, wanted: readonly string[]): Promise<void> {
    if (wanted.length > 0) await this.receiver.untilTold(id, wanted.at(-1)!);
    const types = (await this.receiver.received(id)).map(({ event }) => event.type.replace('payment.', ''));
    expect(types).toEqual(wanted);
  }

  private async audited(id: string, wanted: readonly string[]): Promise<void> {
    let seen: string[] = [];
    await until(`${id} is in the audit log`, async () => {
      seen = await movesOf(this.gateway, id);
      return isWithin(wanted, seen);
    }).catch((error: Error) => {
      throw new Error(`${error.message}: wanted ${wanted.join(', ')}; the log has ${seen.join(', ')}`);
    });
  }
}

/** What routing did to the payment, in order, without `payment.`. */
async function movesOf(gateway: Gateway, paymentId: string): Promise<string[]> {
  return (await auditOf(gateway, paymentId)).flatMap(({ action }) =>
    action.startsWith('payment.') ? [action.replace('payment.', '')] : [],
  );
}

function isWithin(wanted: readonly string[], seen: readonly string[]): boolean {
  let at = 0;
  for (const action of seen) if (action === wanted[at]) at++;
  return at === wanted.length;
}
