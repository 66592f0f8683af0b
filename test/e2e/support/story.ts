import { bookings, expectBalanced, expectNothingReserved } from './books';
import { until, type Gateway } from './gateway';
import { expectMoved } from './moved';
import type { PartnerClient, PaymentView } from './partner-client';
import { executed, pay, stateOf, untilOver, type Direction, type PaymentWish } from './payments';
import { auditOf } from './records';
import { WebhookReceiver } from './webhook-receiver';

/** How a payment of the failure suite (domain.md 5.5) ends, in everything that anybody keeps or is told about it. */
export interface Ending {
  status: PaymentView['status'];
  state: string;
  /** Movements that both networks executed, by operation; what they come to for payer and payee follows from the state. */
  executed: Record<string, number>;
  /** Codes of the ledger's bookings, in order. */
  booked: readonly string[];
  /** Webhooks that the partner received and verified, in order, those of the payment itself without `payment.`. */
  told: readonly string[];
  /** What the audit log must name of the payment's own changes, in order, without `payment.`; others may lie between. */
  audited: readonly string[];
}

/** More than one service has to be awaited, and a plan of enquiries to run its course. */
const OVER_WITHIN_MS = 150_000;

/** One partner with a receiver of its own, whose payment is followed to its end. */
export class Story {
  private constructor(
    readonly gateway: Gateway,
    readonly partner: PartnerClient,
    readonly receiver: WebhookReceiver,
  ) {}

  static async begin(gateway: Gateway, contract?: Parameters<Gateway['newPartner']>[0]): Promise<Story> {
    const partner = await gateway.newPartner(contract);
    return new Story(gateway, partner, await WebhookReceiver.open(gateway, partner));
  }

  pay(direction: Direction, wish?: PaymentWish): Promise<PaymentView> {
    return pay(this.gateway, this.partner, direction, wish);
  }

  /** Waits for the payment's end and holds all that is known about it against what is wanted. */
  async ends(id: string, wanted: Ending): Promise<PaymentView> {
    await untilOver(this.partner, id, OVER_WITHIN_MS);
    return this.stands(id, wanted);
  }

  /** Holds all that is known about a payment that is over against what is wanted. */
  async stands(id: string, wanted: Ending): Promise<PaymentView> {
    const payment = await this.partner.payment(id);
    expect([payment.status, stateOf(payment)]).toEqual([wanted.status, wanted.state]);
    await this.moved(payment, wanted.executed);
    await expectNothingReserved(this.gateway, id);
    await this.told(id, wanted.told);
    await this.audited(id, wanted.audited);
    await this.booked(id, wanted.booked);
    await expectBalanced(this.gateway);
    return payment;
  }

  /** What the partner has been told of the payment so far, and nothing else. */
  async told(id: string, wanted: readonly string[]): Promise<void> {
    const types = async (): Promise<string[]> =>
      (await this.receiver.received(id)).map(({ event }) => event.type.replace(/^payment\./, ''));
    let seen: string[] = [];
    await until(`the partner is told of ${id}`, async () => (seen = await types()).length >= wanted.length).catch(() =>
      expect(seen).toEqual(wanted),
    );
    expect(await types()).toEqual(wanted);
  }

  private async moved(payment: PaymentView, wanted: Record<string, number>): Promise<void> {
    const operations = async (): Promise<Record<string, number>> => executed(this.gateway, payment.id);
    const count = (of: Record<string, number>): number => Object.values(of).reduce((sum, times) => sum + times, 0);
    await until(`${payment.id} is moved`, async () => count(await operations()) >= count(wanted)).catch(async () =>
      expect(await operations()).toEqual(wanted),
    );
    expect(await operations()).toEqual(wanted);
    await expectMoved(this.gateway, payment);
  }

  private async booked(id: string, wanted: readonly string[]): Promise<void> {
    const codes = async (): Promise<string[]> => (await bookings(this.gateway, id)).map(({ code }) => code);
    await until(`${id} is booked`, async () => (await codes()).length >= wanted.length).catch(async () =>
      expect(await codes()).toEqual(wanted),
    );
    expect(await codes()).toEqual(wanted);
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
  return (await auditOf(gateway, paymentId)).flatMap(({ service, action }) =>
    service === 'routing' && action.startsWith('payment.') ? [action.replace('payment.', '')] : [],
  );
}

function isWithin(wanted: readonly string[], seen: readonly string[]): boolean {
  let at = 0;
  for (const action of seen) if (action === wanted[at]) at++;
  return at === wanted.length;
}
