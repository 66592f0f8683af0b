import { Money } from '@gateway/money';
import type { IdSource } from '@gateway/platform';
import type { OutboundRecord } from '@gateway/messaging';
import type { PaymentOrder } from '../../apps/routing/src/domain/payment';
import { isFinal } from '../../apps/routing/src/domain/payment-state';
import type { SeededRandom } from '../crash/seeded-random';
import { NO_TX, type MemoryRouting } from './memory-routing';
import type { Happening } from './network-instruction';
import { DAY_MS, PARTNER, PAYMENT, ruleOf, type WalkedClock } from './walked-order';

/** One step of a walk. */
export interface Step {
  name: string;
  happen: (() => Promise<void>) | Happening['happen'];
}

/** What the partner and people may ask for, and what time brings. */
export class Wishes {
  constructor(
    private readonly routing: MemoryRouting,
    private readonly random: SeededRandom,
    private readonly clock: WalkedClock,
    private readonly ids: IdSource,
    private readonly order: PaymentOrder,
    /** Whether something that a network told of an instruction is still on its way. */
    private readonly isUnheard: (instructionId: string) => boolean,
    private readonly send: (records: readonly OutboundRecord[]) => void,
  ) {}

  now(): Step[] {
    const { payment, returns, disputes } = this.routing;
    const step = (name: string, happen: () => Promise<unknown>): Step => ({
      name,
      happen: async () => void (await happen()),
    });
    const key = (): string => this.ids.next('wish');
    const wish = { paymentId: PAYMENT, partnerId: PARTNER, reason: null, reference: null };
    const bearer = payment.standing.cause === null ? this.bearer() : {};
    const amounts = [null, null, this.part(this.order.principal), this.part(this.order.target)];
    const owed = this.owedWishes(step);
    if (owed.length > 0 && this.random.below(2) === 0) return owed;
    return [
      step('later', () => this.later()),
      ...(isFinal(payment.state)
        ? [step('a new day', () => this.newDay())]
        : [step('cancel', () => this.routing.cancel.run(PAYMENT, PARTNER, 'partner:test'))]),
      ...(payment.state !== 'COMPLETED' || this.isUnheard('ret_')
        ? []
        : amounts.map((amount) =>
            step(`refund ${amount?.toDigits() ?? 'all'}`, () =>
              this.routing.requestRefund.run({ ...wish, amount, requestedBy: key(), ...bearer }),
            ),
          )),
      ...(this.isUnheard('ret_') ? [] : returns).flatMap(({ id }) => [
        step('refund of a return', () =>
          this.routing.requestRefund.run({ ...wish, amount: null, requestedBy: key(), returnId: id }),
        ),
        step('correction', () =>
          this.routing.correct.run({ returnId: id, partnerId: PARTNER, instrument: 'ins_other', requestedBy: key() }),
        ),
      ]),
      ...disputes.map(({ id }) =>
        step('answer to a dispute', () =>
          this.routing.answer.run({
            disputeId: id,
            partnerId: PARTNER,
            evidence: this.random.below(2) === 0 ? null : { additional: 'delivered' },
            requestedBy: key(),
          }),
        ),
      ),
    ];
  }

  private owedWishes(step: (name: string, happen: () => Promise<unknown>) => Step): Step[] {
    return this.routing.refunds
      .filter(({ id, state }) => state === 'OWED' && !this.isUnheard(id))
      .flatMap(({ id }) => [
        step('another instrument', () => this.decided(id, 'other_instrument')),
        step('paid by hand', () => this.decided(id, 'bank_transfer')),
      ]);
  }

  private bearer(): { bearer?: 'gateway' | 'payer' | 'payee' } {
    const rule = ruleOf(this.order.offer);
    return rule === 'R4' ? { bearer: this.random.pick(['gateway', 'payer', 'payee'] as const) } : {};
  }

  private part(whole: Money): Money {
    return Money.of((whole.minor * BigInt(1 + this.random.below(9))) / 10n, whole.currency.code);
  }

  private async decided(refundId: string, way: 'other_instrument' | 'bank_transfer'): Promise<void> {
    const isOther = way === 'other_instrument';
    const asked = await this.routing.decide.request({
      paymentId: PAYMENT,
      refundId,
      way,
      instrumentId: isOther ? 'ins_payer_other' : null,
      bankReference: isOther ? null : this.ids.next('bank'),
      amount: null,
      reason: 'owed',
      requestedBy: 'operator:one',
    });
    if (typeof asked !== 'string') await this.routing.decide.decide(asked.decisionId, 'approved', 'operator:two');
  }

  /** Minutes or days pass, and what waits is asked for again. */
  private async later(): Promise<void> {
    this.clock.ms += this.random.pick([60_000, 11 * 60_000, 6.5 * DAY_MS]);
    const { emit } = await this.routing.askAgain.run(NO_TX, 1);
    this.send(emit.records);
  }

  private async newDay(): Promise<void> {
    this.clock.ms += DAY_MS;
    const { emit } = await this.routing.fundToday.run(NO_TX, 10);
    this.send(emit.records);
  }
}
