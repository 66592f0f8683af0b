import { Money } from '@gateway/money';
import { anOrder } from '../../../testing/payment-builder';
import { emptyJournal } from '../advance-payment';
import { advanceRefund, type RefundInHand } from './advance-refund';
import { awaitedBy, createRefund } from './refund';
import type { RefundFact } from './refund-fact';
import { refundIsUnknown, refundStatusOf } from './refund-state';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const GRANTED: RefundFact = { name: 'funding_granted', part: 'fund', version: 1, mid: '7.25000000' };
const answered = (name: RefundFact['name'], version: number, reason?: string): RefundFact => ({
  name,
  part: 'send',
  version,
  ...(reason === undefined ? {} : { reason }),
});

/** A refund of 40 % of the worked example, with the facts taken in. */
function refundAfter(...facts: RefundFact[]): RefundInHand {
  const { payment } = anOrder();
  payment.state = 'COMPLETED';
  payment.standing.counterparty = 'visa';
  const refund = createRefund('rfd_01K0TEST000000000000000000', NOW, {
    paymentId: payment.id,
    partnerId: payment.order.partnerId,
    partition: payment.partition,
    actor: payment.order.actor,
    rule: 'R1',
    source: Money.of(4_000n, 'USD'),
    target: Money.of(28_246n, 'CNY'),
    reason: null,
    reference: null,
    requestedBy: 'key',
    returnId: null,
    bearer: null,
    byHand: false,
  });
  const hand = { refund, payment, journal: emptyJournal(), instructions: [], forbidden: null, touched: false };
  for (const fact of [{ name: 'refund_requested' } as const, ...facts]) advanceRefund(hand, fact, NOW);
  return hand;
}

describe('a refund that takes facts in', () => {
  it("tells its steps in the payment's history, with both amounts, and leaves the payment completed", () => {
    const { journal, instructions, refund, payment } = refundAfter(GRANTED, answered('send_processed', 1));
    expect(instructions).toEqual(['fund', 'send']);
    expect(refund.state).toBe('COMPLETED');
    expect(payment.state).toBe('COMPLETED');
    expect(journal.changes.map(({ fact, from, to, money }) => [fact, from, to, money])).toEqual([
      ['refund_requested', 'COMPLETED', 'COMPLETED', undefined],
      ['refund_funding_granted', 'COMPLETED', 'COMPLETED', 'refund_funded'],
      ['refund_send_processed', 'COMPLETED', 'COMPLETED', 'refund_sent'],
    ]);
    expect(journal.changes[1]).toMatchObject({
      instructionId: `${refund.id}-fund`,
      counterparty: 'visa',
      refund: { id: refund.id, from: 'FUNDING', to: 'SENDING', rule: 'R1', mid: '7.25000000' },
    });
    expect(journal.changes[2]?.amount?.equals(Money.of(4_000n, 'USD'))).toBe(true);
  });

  it('drops an outcome whose version is not above the last one', () => {
    const once = refundAfter(GRANTED, answered('send_unknown', 2));
    const again = refundAfter(
      GRANTED,
      answered('send_unknown', 2),
      answered('send_declined', 1),
      answered('send_unknown', 2),
    );
    expect(again.refund).toEqual(once.refund);
    expect(again.journal.changes).toHaveLength(once.journal.changes.length);
  });

  it('opens a case with owner and amount where the network refuses for good, and still takes a late yes', () => {
    const owed = refundAfter(GRANTED, answered('send_declined', 1, 'INSTRUMENT_INVALID'));
    expect([owed.refund.state, refundStatusOf(owed.refund.state), owed.refund.standing.reason]).toEqual([
      'OWED',
      'failed',
      'INSTRUMENT_INVALID',
    ]);
    expect(owed.journal.cases).toMatchObject([
      { kind: 'refund_owed', detail: { owner: 'settlement', amount: '4000', currency: 'USD' } },
    ]);
    const late = refundAfter(GRANTED, answered('send_declined', 1, 'OTHER'), answered('send_processed', 2));
    expect([late.refund.state, late.refund.standing.reason]).toEqual(['COMPLETED', null]);
  });

  it('goes to another instrument as an instruction of its own, which alone answers for it', () => {
    const approved: RefundFact = {
      name: 'other_instrument_approved',
      elsewhere: { instrument: 'ins_other', notAfter: '2026-11-26T11:00:00.000Z' },
    };
    const of = (suffix: string, name: RefundFact['name'], version: number): RefundFact => ({
      ...answered(name, version),
      instructionId: `rfd_01K0TEST000000000000000000-${suffix}`,
      counterparty: 'us_payout_bank',
    });
    const declined = answered('send_declined', 3, 'INSTRUMENT_INVALID');
    const done = refundAfter(GRANTED, declined, approved, of('other1', 'send_processed', 1));
    expect(done.instructions).toEqual(['fund', 'send', 'send']);
    expect(done.refund.state).toBe('COMPLETED');
    expect(done.journal.changes.at(-1)).toMatchObject({
      money: 'refund_sent_elsewhere',
      instructionId: `${done.refund.id}-other1`,
      counterparty: 'us_payout_bank',
    });
    // What the first instruction says late changes nothing; that it paid after all is a case, for now two have paid.
    const late = refundAfter(
      GRANTED,
      declined,
      approved,
      of('refund', 'send_unknown', 9),
      of('refund', 'send_processed', 9),
    );
    expect(late.refund.state).toBe('SENDING');
    expect(late.journal.cases.map(({ kind }) => kind)).toEqual(['refund_owed', 'refund_contradiction']);
    const again = refundAfter(GRANTED, declined, approved, of('other1', 'send_declined', 1), approved);
    expect([again.refund.state, again.refund.standing.elsewhere?.attempt]).toEqual(['SENDING', 2]);
  });

  it('that people have paid is over, and a network that pays it late is a case', () => {
    const paid = refundAfter(GRANTED, answered('send_declined', 1), { name: 'paid_by_hand' });
    expect([paid.refund.state, refundStatusOf(paid.refund.state)]).toEqual(['PAID_BY_HAND', 'completed']);
    expect(paid.journal.changes.at(-1)?.money).toBe('refund_paid_by_hand');
    advanceRefund(paid, answered('send_processed', 2), NOW);
    expect([paid.refund.state, paid.journal.cases.at(-1)?.kind]).toEqual(['PAID_BY_HAND', 'refund_contradiction']);
  });

  it('that is owed to a payer who has the money otherwise is withdrawn, says why, and a network that pays it late is a case', () => {
    const forbidden: RefundFact = { name: 'forbidden_for_good', reason: 'DISPUTE_LOST' };
    const withdrawn = refundAfter(GRANTED, answered('send_declined', 1, 'INSTRUMENT_INVALID'), forbidden);
    const { refund, journal } = withdrawn;
    expect([refund.state, refundStatusOf(refund.state), awaitedBy(refund)]).toEqual(['WITHDRAWN', 'refused', null]);
    expect([refund.standing.reason, refund.standing.owedSince]).toEqual(['DISPUTE_LOST', null]);
    expect(journal.changes.at(-1)).toMatchObject({
      fact: 'refund_forbidden_for_good',
      money: 'refund_withdrawn',
      reason: 'DISPUTE_LOST',
      instructionId: `${refund.id}-fund`,
      refund: { from: 'OWED', to: 'WITHDRAWN', mid: '7.25000000' },
    });
    // The refusal told again, with more that was heard of it, is nothing new; that it was paid after all is.
    advanceRefund(withdrawn, answered('send_declined', 2), NOW);
    expect(journal.cases.map(({ kind }) => kind)).toEqual(['refund_owed']);
    advanceRefund(withdrawn, answered('send_processed', 3), NOW);
    expect([refund.state, journal.cases.at(-1)?.kind]).toEqual(['WITHDRAWN', 'refund_contradiction']);
    const underWay = refundAfter(GRANTED, forbidden);
    expect(underWay.refund.state).toBe('SENDING');
  });

  it('says since when the money is owed, until it is sent again', () => {
    const owed = refundAfter(GRANTED, answered('send_declined', 1));
    expect(owed.refund.standing.owedSince).toBe(NOW.toISOString());
    expect(refundAfter(GRANTED).refund.standing.owedSince).toBeNull();
  });

  it('moves what its rule made of the shares, once that is known', () => {
    const moved = { source: '3896', target: '28246' };
    const { journal, refund } = refundAfter({ ...GRANTED, moved }, answered('send_processed', 1));
    expect(refund.order.source.minor).toBe(4_000n);
    expect(journal.changes.map(({ amount }) => amount?.toDigits())).toEqual(['28246', '28246', '3896']);
  });

  it('notes a contradiction as a case and stands', () => {
    const { refund, journal } = refundAfter(GRANTED, answered('send_processed', 1), answered('send_declined', 2));
    expect(refund.state).toBe('COMPLETED');
    expect(journal.cases.map(({ kind }) => kind)).toEqual(['refund_contradiction']);
  });

  it('F17 of a refund: what a notification says against its outcome is a case with both words, once, and it stands', () => {
    const words = { earlier: '{"type":"payment_refunded"}', later: '{"type":"payment_refund_declined"}' };
    const contradicted: RefundFact = {
      name: 'send_contradicted',
      part: 'contradiction',
      version: 2,
      instructionId: 'rfd_01K0TEST000000000000000000-refund',
      detail: words,
    };
    for (const end of ['send_processed', 'send_declined'] as const) {
      const { refund, journal } = refundAfter(GRANTED, answered(end, 1), answered(end, 2), contradicted, contradicted);
      expect(refund.state).toBe(end === 'send_processed' ? 'COMPLETED' : 'OWED');
      const found = journal.cases.filter(({ kind }) => kind === 'refund_contradiction');
      expect(found).toMatchObject([
        { instructionId: contradicted.instructionId, detail: { ...words, owner: 'settlement' } },
      ]);
    }
  });

  it('F27 is not sent where the payment may not be refunded any more: what was reserved is given back', () => {
    const hand = refundAfter();
    hand.forbidden = 'DISPUTE_OPEN';
    advanceRefund(hand, GRANTED, NOW);
    expect([hand.refund.state, awaitedBy(hand.refund), hand.refund.standing.mid]).toEqual([
      'UNFUNDING',
      'unfund',
      null,
    ]);
    expect(hand.instructions).toEqual(['fund', 'unfund']);
    // It is over by then, and the reason is still the one of before.
    hand.forbidden = null;
    advanceRefund(hand, { name: 'funding_released', part: 'unfund', version: 1 }, NOW);
    expect([hand.refund.state, hand.refund.standing.reason]).toEqual(['REFUSED', 'DISPUTE_OPEN']);
    expect(hand.journal.changes.flatMap(({ money }) => money ?? [])).toEqual([]);
    expect(hand.journal.cases).toEqual([]);
  });

  it('says what it waits for, and what the partner is told meanwhile', () => {
    const told = (...facts: RefundFact[]): unknown[] => {
      const { refund } = refundAfter(...facts);
      return [refund.state, awaitedBy(refund), refundStatusOf(refund.state), refundIsUnknown(refund.state)];
    };
    expect(told()).toEqual(['FUNDING', 'fund', 'processing', false]);
    expect(told({ name: 'funding_refused', part: 'fund', version: 1 })).toEqual(['REFUSED', null, 'refused', false]);
    expect(told(GRANTED)).toEqual(['SENDING', 'send', 'processing', false]);
    expect(told(GRANTED, answered('send_unknown', 1))).toEqual(['SEND_UNKNOWN', 'send', 'processing', true]);
    expect(told(GRANTED, answered('send_needs_person', 1))).toEqual(['IN_REVIEW', 'send', 'processing', true]);
    expect(told(GRANTED, answered('send_not_submitted', 1))).toEqual(['OWED', null, 'failed', false]);
  });
});
