import type { PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import type { OutboundRecord } from '@gateway/messaging';
import { OutboxTransactions } from '@gateway/messaging';
import { AdvancePayments } from '../../../apps/routing/src/use-cases/advance-payments';
import {
  refundFactOfReservation,
  refundFactOfWallet,
  type FactOfRefund,
} from '../../../apps/routing/src/use-cases/refund-facts';
import type { Reply, RoutingEdge } from './routing-edge';

const AT = '2026-11-25T10:00:00.000Z';

/** What tests of refunds do at an edge: complete a payment, ask for a refund, say what its owners answer. */
export interface RefundsAt {
  completed(state?: string, offer?: Record<string, unknown>): Promise<string>;
  refund(payment: string, amount?: [string, string], key?: string): Promise<Reply>;
  get(id: unknown): Promise<Record<string, unknown>>;
  published(): OutboundRecord[];
  eventsOf(payment: string): PaymentEvent[];
  take(...facts: (FactOfRefund | null)[]): Promise<unknown>;
  funded(payment: string, id: string, outcome?: 'GRANTED' | 'REFUSED'): FactOfRefund | null;
  sent(
    payment: string,
    id: string,
    outcome: WalletOutcome['outcome'],
    more?: Partial<WalletOutcome>,
  ): FactOfRefund | null;
  operator(id: string, method: 'GET' | 'POST', url: string, body?: object): Promise<Reply>;
}

export function refundsAt(edge: () => RoutingEdge): RefundsAt {
  /** A payment of USD 100.00 and 2.00 of fee for CNY 706.15, completed long ago as far as anybody knows. */
  async function completed(state = 'COMPLETED', offer: Record<string, unknown> = {}): Promise<string> {
    const reply = await edge().post('/v1/payments', await edge().payable(offer));
    const id = reply.body.id as string;
    await edge().test.database.query(
      `UPDATE payment_progress SET state = $2, public_status = 'completed',
              standing = standing || '{"counterparty":"visa"}' WHERE payment_id = $1`,
      [id, state],
    );
    return id;
  }
  const refund = (payment: string, amount?: [string, string], key?: string): Promise<Reply> =>
    edge().post(
      `/v1/payments/${payment}/refunds`,
      amount === undefined ? {} : { amount: { amount: amount[0], currency: amount[1] } },
      key,
    );
  const get = async (id: unknown): Promise<Record<string, unknown>> =>
    (await edge().send('GET', `/v1/refunds/${id as string}`)).body;
  const published = (): OutboundRecord[] => edge().transactions.emitted.flatMap(({ records }) => records);
  const eventsOf = (payment: string): PaymentEvent[] =>
    published()
      .filter(({ contract }) => contract.topic === 'payments.payment.events.v1')
      .map(({ data }) => data as PaymentEvent)
      .filter((event) => event.payment_id === payment);
  const take = (...facts: (FactOfRefund | null)[]): Promise<unknown> =>
    edge()
      .app.get(OutboxTransactions, { strict: false })
      .run(async (tx) => {
        const told = facts.filter((fact) => fact !== null);
        const batch = { payments: [], refunds: told, returns: [], disputes: [] };
        return { result: null, emit: await edge().app.get(AdvancePayments, { strict: false }).run(tx, batch) };
      });
  const funded = (payment: string, id: string, outcome: 'GRANTED' | 'REFUSED' = 'GRANTED'): FactOfRefund | null =>
    refundFactOfReservation({
      instruction_id: `${id}-fund`,
      payment_id: payment,
      partner_id: 'prt_a',
      version: 1,
      outcome,
      ...(outcome === 'GRANTED' ? { mid: '7.25000000' } : { reason: 'REFUND_NOT_FUNDED' as const }),
      at: AT,
    });
  const sent = (
    payment: string,
    id: string,
    outcome: WalletOutcome['outcome'],
    more: Partial<WalletOutcome> = {},
  ): FactOfRefund | null =>
    refundFactOfWallet({
      instruction_id: `${id}-refund`,
      payment_id: payment,
      partner_id: 'prt_a',
      network: 'applepay',
      operation: 'refund',
      version: 1,
      outcome,
      evidence: 'answer',
      at: AT,
      ...more,
    });
  const operator = (id: string, method: 'GET' | 'POST', url: string, body: object = {}): Promise<Reply> => {
    const token = edge().people.people.find((person) => person.id === id)?.token ?? '';
    return edge().send(method, url, method === 'GET' ? undefined : body, { authorization: `Bearer ${token}` });
  };
  return { completed, refund, get, published, eventsOf, take, funded, sent, operator };
}
