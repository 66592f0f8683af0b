import { Money } from '@gateway/money';
import { createPayment, type Payment, type PaymentOrder } from '../src/domain/payment';

/** An order as the first example of the ledger paper has it: USD 100.00 and 2.00 of fee for CNY 706.15. */
export function anOrder(changes: Partial<PaymentOrder> & { id?: string; createdAt?: Date } = {}): { payment: Payment } {
  const { id = 'pay_01K0TEST000000000000000000', createdAt = new Date('2026-11-25T10:00:00.000Z'), ...order } = changes;
  const payment = createPayment(
    { id, partition: 3, createdAt },
    {
      partnerId: 'prt_test',
      actor: 'partner:prt_test',
      legalEntity: 'gateway-us',
      quoteId: `qte_${id.slice(4)}`,
      offer: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln',
      offerExpiresAt: new Date(createdAt.getTime() + 60_000),
      sourceNetwork: 'applepay',
      targetNetwork: 'alipay',
      purpose: 'goods',
      bopCode: '121010',
      funding: 'hold',
      holdMarginMs: 86_400_000,
      sourceInstrument: `ins_${id.slice(4)}`,
      sourceInstrumentSingleUse: true,
      targetInstrument: 'ins_payee',
      payerParty: 'pty_payer',
      payeeParty: 'pty_payee',
      principal: Money.of(10_000n, 'USD'),
      fee: Money.of(200n, 'USD'),
      totalSource: Money.of(10_200n, 'USD'),
      target: Money.of(70_615n, 'CNY'),
      mid: '7.13280000',
      customerRate: '7.06150000',
      reference: null,
      metadata: null,
      route: null,
      ...order,
    },
  );
  return { payment };
}
