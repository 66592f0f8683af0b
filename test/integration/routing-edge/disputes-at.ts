import type { PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { NetworkDispute } from '@gateway/contracts/wallet.network.disputes';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { OutboxTransactions, type OutboundRecord } from '@gateway/messaging';
import { AdvancePayments } from '../../../apps/routing/src/use-cases/advance-payments';
import { disputeFactsOfWallet } from '../../../apps/routing/src/use-cases/dispute-facts';
import { refundFactOfWallet } from '../../../apps/routing/src/use-cases/refund-facts';
import type { Reply, RoutingEdge } from './routing-edge';

export const AT = '2026-11-28T10:00:00.000Z';
export const FAR = '2099-01-01T00:00:00.000Z';
export const EVIDENCE = { proof_of_delivery: 'tracking EX-1' };

/** What tests of disputes do at an edge: complete a payment, say what its network tells, answer, look. */
export interface DisputesAt {
  completed(source?: string): Promise<string>;
  told(status: NetworkDispute['status'], more?: Partial<NetworkDispute>): NetworkDispute;
  outcome(payment: string, more: Partial<WalletOutcome>): WalletOutcome;
  take(...outcomes: WalletOutcome[]): Promise<unknown>;
  hear(payment: string, version: number, ...disputes: NetworkDispute[]): Promise<unknown>;
  disputesOf(payment: string): Promise<Record<string, unknown>[]>;
  opened(more?: Partial<NetworkDispute>): Promise<{ payment: string; id: string }>;
  get(id: string): Promise<Record<string, unknown>>;
  answer(id: string, body?: object): Promise<Reply>;
  published(): OutboundRecord[];
  about(payment: string): OutboundRecord[];
  commandsOf(payment: string): WalletCommand[];
  moneyOf(payment: string): string[];
  casesOf(payment: string): Promise<string[]>;
  answered(payment: string, instructionId: string, more?: Partial<WalletOutcome>): WalletOutcome;
}

export function disputesAt(edge: () => RoutingEdge): DisputesAt {
  /** A payment of USD 100.00 and 2.00 of fee for CNY 706.15, completed long ago as far as anybody knows. */
  async function completed(source = 'funded'): Promise<string> {
    const id = (await edge().post('/v1/payments', await edge().payable())).body.id as string;
    await edge().test.database.query(
      `UPDATE payment_progress SET state = 'COMPLETED', public_status = 'completed',
              standing = jsonb_set(standing || '{"counterparty":"visa"}', '{parts,source}', to_jsonb($2::text))
       WHERE payment_id = $1`,
      [id, source],
    );
    return id;
  }
  const told = (status: NetworkDispute['status'], more: Partial<NetworkDispute> = {}): NetworkDispute => ({
    network_reference: 'dsp_a',
    status,
    amount: { amount: '10200', currency: 'USD' },
    category: 'not_received',
    reason_code: '13.1',
    received_at: AT,
    evidence_due_by: FAR,
    fee: { amount: '1500', currency: 'USD' },
    ...more,
  });
  const outcome = (payment: string, more: Partial<WalletOutcome>): WalletOutcome => ({
    instruction_id: `${payment}-hold`,
    payment_id: payment,
    partner_id: 'prt_a',
    network: 'applepay',
    operation: 'hold',
    version: 2,
    outcome: 'PROCESSED',
    evidence: 'enquiry',
    at: AT,
    ...more,
  });
  const take = (...outcomes: WalletOutcome[]): Promise<unknown> =>
    edge()
      .app.get(OutboxTransactions, { strict: false })
      .run(async (tx) => {
        const refunds = outcomes.flatMap((one) => refundFactOfWallet(one) ?? []);
        const facts = { payments: [], refunds, returns: [], disputes: outcomes.flatMap(disputeFactsOfWallet) };
        return { result: null, emit: await edge().app.get(AdvancePayments, { strict: false }).run(tx, facts) };
      });
  const hear = (payment: string, version: number, ...disputes: NetworkDispute[]): Promise<unknown> =>
    take(outcome(payment, { version, disputes }));
  const disputesOf = async (payment: string): Promise<Record<string, unknown>[]> =>
    (await edge().send('GET', `/v1/disputes?payment=${payment}`)).body.data as Record<string, unknown>[];
  async function opened(more: Partial<NetworkDispute> = {}): Promise<{ payment: string; id: string }> {
    const payment = await completed();
    await hear(payment, 2, told('open', more));
    const [dispute] = await disputesOf(payment);
    return { payment, id: dispute?.id as string };
  }
  const get = async (id: string): Promise<Record<string, unknown>> =>
    (await edge().send('GET', `/v1/disputes/${id}`)).body;
  const answer = (id: string, body: object = EVIDENCE): Promise<Reply> =>
    edge().post(`/v1/disputes/${id}/evidence`, body);
  const published = (): OutboundRecord[] => edge().transactions.emitted.flatMap(({ records }) => records);
  const about = (payment: string): OutboundRecord[] =>
    published().filter(({ data }) => (data as { payment_id: string }).payment_id === payment);
  const commandsOf = (payment: string): WalletCommand[] =>
    about(payment)
      .filter(({ contract }) => contract.topic === 'wallet.applepay.commands.v1')
      .map(({ data }) => data as WalletCommand)
      .filter(({ operation }) => operation === 'represent' || operation === 'accept');
  const moneyOf = (payment: string): string[] =>
    about(payment)
      .filter(({ contract }) => contract.topic === 'payments.payment.events.v1')
      .flatMap(({ data }) => (data as PaymentEvent).changes)
      .flatMap(({ money, dispute }) => (dispute === undefined || money === undefined ? [] : [money]));
  const casesOf = async (payment: string): Promise<string[]> =>
    (
      await edge().test.database.query<{ kind: string }>(
        'SELECT kind FROM payment_case WHERE payment_id = $1 ORDER BY case_id',
        [payment],
      )
    ).map(({ kind }) => kind);
  const answered = (payment: string, instructionId: string, more: Partial<WalletOutcome> = {}): WalletOutcome =>
    outcome(payment, { instruction_id: instructionId, operation: 'represent', version: 1, ...more });
  return {
    completed,
    told,
    outcome,
    take,
    hear,
    disputesOf,
    opened,
    get,
    answer,
    published,
    about,
    commandsOf,
    moneyOf,
    casesOf,
    answered,
  };
}
