import { Terminal } from '../terminal';
import { describeDemoForTools } from './demo-json';
import { describeDemo } from './demo-text';
import { JOURNEYS } from './journeys';
import type { DemoResult } from './run-demo';
import { tellStep } from './story';

const [usToChina] = JOURNEYS;
const at = (ms: number): string => new Date(Date.UTC(2026, 10, 25, 10, 0, 0, ms)).toISOString();
const usd = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'USD' });
const amounts = {
  source_amount: usd('10000'),
  fee: usd('200'),
  total_source_amount: usd('10200'),
  target_amount: { amount: '70615', currency: 'CNY' },
};
const result: DemoResult = {
  ok: true,
  before: { balanced: true, currencies: [], accounts: [{ account: '1200', currency: 'CNY', balance: '100000000' }] },
  after: {
    balanced: true,
    currencies: [{ currency: 'CNY', debits: '70615', credits: '70615', difference: '0' }],
    accounts: [{ account: '1200', counterparty: 'alipay', currency: 'CNY', balance: '99929385' }],
  },
  payments: [
    {
      journey: usToChina!,
      quote: { id: 'qte_1', offer: 'x', ...amounts, mid: '7.13280000', customer_rate: '7.06147200', markup_bps: 100 },
      source: { id: 'ins_1', label: 'Visa ending 1234' },
      target: { id: 'ins_2' },
      payment: {
        id: 'pay_1',
        status: 'completed',
        ...amounts,
        created: at(0),
        history: [
          { state: 'CREATED', at: at(0) },
          { state: 'COMPLETED', at: at(321) },
        ],
      },
      elapsedMs: 350,
      told: ['payment.processing', 'payment.completed'],
    },
  ],
};

describe('what the demo shows', () => {
  const text = describeDemo(result, new Terminal(false, false));

  it('names both amounts, the fee and the rate with mid and mark-up', () => {
    for (const part of [
      '102.00 USD',
      '2.00 USD',
      '706.15 CNY',
      '7.06147200',
      'mid 7.13280000',
      '1.00 %',
      'Visa ending 1234',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('tells each step with its time, who took it and where the money is', () => {
    expect(text).toMatch(/\+321 ms +COMPLETED +routing .*Apple Pay owes us the total/);
  });

  it('tells which webhooks the partner has received and verified', () => {
    expect(text).toContain(
      'completed after 350 ms; webhooks received and verified: payment.processing, payment.completed',
    );
  });

  it('shows the books before and after, and that they balance', () => {
    expect(text).toMatch(/1200 alipay .*CNY/);
    expect(text).toContain('CNY  debits 706.15 CNY, credits 706.15 CNY: equal');
  });

  it('says for a hold what it must not say for a collection', () => {
    const [, chinaToUs] = JOURNEYS;
    expect(tellStep('AUTHORISED', usToChina!).money).toContain('held');
    expect(tellStep('AUTHORISED', chinaToUs!).money).toContain('collected');
  });

  it('tells a state it does not know by its name', () => {
    expect(tellStep('CREDIT_UNKNOWN', usToChina!).what).toBe('credit unknown');
  });

  it('gives tools both payments with every state and its time', () => {
    const answer = describeDemoForTools(result, { 'a.v1': 3 }, {}) as { payments: object[]; ok: boolean };
    expect(answer).toMatchObject({ ok: true, balanced: true, topics: { 'a.v1': 3 } });
    expect(answer.payments[0]).toMatchObject({
      id: 'pay_1',
      status: 'completed',
      states: [{ state: 'CREATED' }, { state: 'COMPLETED', at: at(321) }],
    });
  });
});
