import { screeningEvents } from '@gateway/contracts/compliance.screening.events.v1';
import type { ScreeningOutcomeKind } from '@gateway/contracts/compliance.screening.events.v1';
import type { Contract } from '@gateway/contracts/contract';
import type { PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import { walletEvents } from '@gateway/contracts/wallet.network.events.v1';
import { Rate } from '@gateway/money';
import type { InboundRecord, OutboundRecord } from '@gateway/messaging';
import type { IdSource } from '@gateway/platform';
import type { PaymentOrder } from '../../apps/routing/src/domain/payment';
import { isFinal } from '../../apps/routing/src/domain/payment-state';
import { SeededRandom } from '../crash/seeded-random';
import { isFinalRefund } from '../../apps/routing/src/domain/refund/refund-state';
import { MemoryBooks } from './memory-books';
import { MemoryRouting, NO_TX } from './memory-routing';
import { WalkedNetwork } from './walked-network';
import { DAY_MS, orderOf, PARTNER, PAYMENT, START, termsOf, WalkedClock, type WalkedWay } from './walked-order';
import { Wishes, type Step } from './wishes';

const MOST_STEPS = 2_000;
const walletTopics = new Map(['applepay', 'alipay'].map((id) => [id, walletEvents(id)]));

/** One payment with everything that can happen to it and to its objects, in an order that the seed chooses. */
export class Walk {
  readonly routing: MemoryRouting;
  readonly books: MemoryBooks;
  readonly source: WalkedNetwork;
  readonly target: WalkedNetwork;
  /** What happened, for the reader of a failure. */
  readonly steps: string[] = [];
  /** Money changes of events that were new, and were not booked: their key had been taken. */
  readonly swallowed: string[] = [];
  private readonly random: SeededRandom;
  private readonly clock = new WalkedClock();
  private readonly waiting: InboundRecord[] = [];
  private readonly commands: OutboundRecord[] = [];
  private readonly reservationCommands: OutboundRecord[] = [];
  private readonly events: OutboundRecord<PaymentEvent>[] = [];
  private surprises: number;
  /** Whether the payment itself goes its ordinary way, so that its objects get all the surprises. */
  private readonly isCalm: boolean;
  /** What this walk's surprises are mostly about, so that several of a kind come together. */
  private readonly theme: RegExp;
  private wishes: number;
  private screening: { told: ScreeningOutcomeKind | null; version: number; asked: boolean } = {
    told: null,
    version: 0,
    asked: false,
  };
  private readonly order: PaymentOrder;
  private readonly wanted: Wishes;
  private ids = 0;

  constructor(
    seed: number,
    readonly way: WalkedWay,
  ) {
    this.random = new SeededRandom(seed);
    this.surprises = this.random.below(10);
    this.wishes = this.random.below(14);
    this.theme = this.random.pick([/taken back|credit (DECLINED|done)/, /refund/, /credit/, /dispute/, /./]);
    this.isCalm = !/credit|taken/.test(this.theme.source) && this.random.below(3) > 0;
    const rule = this.random.pick(['R1', 'R1', 'R2', 'R3', 'R4']);
    this.order = orderOf(way, rule, this.random);
    const liability = { bearer: this.random.pick(['partner', 'gateway'] as const), clause: '7.2' };
    const ids = { next: (prefix: string) => `${prefix}_${String(++this.ids).padStart(26, '0')}` } as IdSource;
    this.routing = new MemoryRouting(this.clock, ids, liability, (records) => this.send(records));
    this.wanted = new Wishes(
      this.routing,
      this.random,
      this.clock,
      ids,
      this.order,
      (id) => this.isUnheard(id),
      (records) => this.send(records),
    );
    const balance = (this.order.target.minor * BigInt(this.random.below(5))) / 3n;
    this.books = new MemoryBooks(this.clock, termsOf(this.order), balance, () => this.mid());
    const holdExpiresAt = new Date(START + 7 * DAY_MS).toISOString();
    const traits = {
      applepay: { id: 'applepay', collector: 'visa', payer: 'us_payout_bank', holdExpiresAt },
      alipay: { id: 'alipay', collector: 'alipay', payer: 'alipay', holdExpiresAt },
    };
    const [from, to] =
      way === 'wallet collection' ? (['alipay', 'applepay'] as const) : (['applepay', 'alipay'] as const);
    this.source = this.networkOf(traits[from]);
    this.target = this.networkOf(traits[to]);
  }

  /** Until all is quiet: nothing is under way, and what is left needs somebody to want something. */
  async run(): Promise<void> {
    await this.routing.start(PAYMENT, this.order);
    for (let step = 0; step < MOST_STEPS; step++) {
      const next = this.next();
      if (next === null) return;
      this.steps.push(next.name);
      await next.happen();
    }
    throw new Error('the walk does not come to an end');
  }

  private mid(): Rate {
    const parsed = Rate.parse('USD', 'CNY', this.random.pick(['7.13280000', '7.25000000', '6.98765432']));
    if (parsed === undefined) throw new RangeError('no rate');
    return parsed;
  }

  private networkOf(traits: WalkedNetwork['traits']): WalkedNetwork {
    const contract = walletTopics.get(traits.id) as Contract<unknown>;
    const tell = (outcome: unknown): number => this.waiting.push(inbound(contract, outcome));
    return new WalkedNetwork(
      traits,
      this.random,
      tell,
      (id) => this.isUnheard(id),
      (id) => this.isAwaited(id),
    );
  }

  private isUnheard(id: string): boolean {
    return this.waiting.some(({ data }) => (data as { instruction_id: string }).instruction_id.startsWith(id));
  }

  private isAwaited(id: string): boolean {
    const { refunds, returns } = this.routing;
    const isMoved = refunds.some((one) => !isFinalRefund(one.state) && !id.startsWith(one.id));
    const refund = refunds.find((one) => id.startsWith(one.id));
    const returned = returns.find((one) => id.startsWith(one.id));
    if (refund !== undefined) return !isFinalRefund(refund.state);
    return returned === undefined || (!isMoved && ['CORRECTING', 'CORRECTION_FAILED'].includes(returned.state));
  }

  private send(records: readonly OutboundRecord[]): void {
    for (const record of records) {
      const { topic } = record.contract;
      if (topic === 'payments.payment.events.v1') this.events.push(record as OutboundRecord<PaymentEvent>);
      else if (topic === 'fx.reservation.commands.v1') this.reservationCommands.push(record);
      else this.commands.push(record);
    }
  }

  private next(): Step | null {
    const messages = this.messages();
    const happenings = [...this.source.happenings(), ...this.target.happenings()];
    const ordinary = [...happenings.filter(({ surprise }) => !surprise), ...this.screenings(false)];
    const all = [...happenings.filter(({ surprise }) => surprise === true), ...this.screenings(true)];
    const themed = all.filter(({ name }) => this.theme.test(name));
    const surprising = themed.length > 0 ? themed : all;
    const isFree = !this.isCalm || isFinal(this.routing.payment.state);
    if (isFree && this.surprises > 0 && surprising.length > 0 && this.random.below(4) === 0) {
      this.surprises -= 1;
      return this.random.pick(surprising);
    }
    const wishes = isFree && this.wishes > 0 && this.random.below(4) === 0 ? this.wanted.now() : [];
    if (wishes.length > 0) {
      this.wishes -= 1;
      return this.random.pick(wishes);
    }
    const moving = [...messages, ...ordinary];
    if (moving.length > 0) return this.random.pick(moving);
    if (this.surprises > 0 && surprising.length > 0) {
      this.surprises -= 1;
      return this.random.pick(surprising);
    }
    const left = this.wishes > 0 ? this.wanted.now() : [];
    this.wishes -= 1;
    if (left.length > 0) return this.random.pick(left);
    // What only a refusal can end, ends so.
    const refusals = happenings.filter(
      ({ name }) => !/PENDING|UNKNOWN|after all|back|opened|not sent|for now|reversed by/.test(name),
    );
    if (refusals.length > 0) return this.random.pick(refusals);
    return null;
  }

  private messages(): Step[] {
    const taken = <T>(from: T[], name: (one: T) => string, happen: (one: T) => Promise<void> | void): Step[] =>
      from.length === 0
        ? []
        : [this.random.below(from.length)].map((position) => ({
            name: name(from[position] as T),
            happen: () => happen(from.splice(position, 1)[0] as T),
          }));
    const [event] = this.events;
    return [
      ...taken(
        this.commands,
        ({ data }) => `-> ${(data as WalletCommand).instruction_id}`,
        (one) => this.arrive(one),
      ),
      ...taken(
        this.reservationCommands,
        ({ data }) => `-> ${(data as { instruction_id: string }).instruction_id}`,
        (one) => this.keep(one),
      ),
      ...taken(this.waiting, toldBy, (one) => this.hear(one)),
      ...(event === undefined ? [] : [{ name: `booked: ${event.sequence}`, happen: () => this.book(event) }]),
    ];
  }

  private arrive({ contract, data }: OutboundRecord): void {
    if (contract.topic === 'compliance.screening.commands.v1') {
      this.screening.asked = true;
      if (this.screening.told !== null) this.screened(this.screening.told, this.screening.version);
      return;
    }
    const network = contract.topic.includes(`.${this.source.traits.id}.`) ? this.source : this.target;
    network.arrive(data as WalletCommand);
  }

  private async keep(record: OutboundRecord): Promise<void> {
    const { records } = await this.books.keep.handle([inbound(record.contract, record.data)], NO_TX);
    this.waiting.push(...records.map(({ contract, data }) => inbound(contract, data)));
  }

  /** Each event is read twice: the second time adds nothing. */
  private async book(event: OutboundRecord<PaymentEvent>): Promise<void> {
    this.events.shift();
    const before = this.books.booked.length;
    const record = inbound(event.contract, event.data);
    await this.books.keep.handle([record], NO_TX);
    const wanted = event.data.changes.flatMap(({ money }) => money ?? []);
    if (this.books.booked.length - before !== wanted.length) this.swallowed.push(wanted.join());
    await this.books.keep.handle([record], NO_TX);
  }

  private async hear(record: InboundRecord): Promise<void> {
    const besides = this.random.below(3) === 0 ? this.waiting.splice(0, 1) : [];
    const { records } = await this.routing.consumer.onOutcomes([record, ...besides], NO_TX);
    this.send(records);
  }

  private screenings(surprising: boolean): Step[] {
    const { told, asked } = this.screening;
    if (!asked) return [];
    const say = (kind: ScreeningOutcomeKind): Step => ({
      name: `screening ${kind}`,
      happen: () => this.screened(kind, ++this.screening.version),
    });
    const isOpen = told === null || told === 'REVIEW';
    if (!surprising) return isOpen ? [say('CLEAR')] : [];
    if (isOpen) return [say(this.random.pick(['REJECTED', 'HIT'])), ...(told === null ? [say('REVIEW')] : [])];
    return told === 'CLEAR' && !isFinal(this.routing.payment.state) ? [say(this.random.pick(['HIT', 'REVIEW']))] : [];
  }

  private screened(outcome: ScreeningOutcomeKind, version: number): void {
    this.screening.told = outcome;
    const named = { instruction_id: `${PAYMENT}-screen`, payment_id: PAYMENT, partner_id: PARTNER };
    const data = { ...named, version, outcome, at: this.clock.now().toISOString() };
    this.waiting.push(inbound(screeningEvents, data));
  }
}

function toldBy({ data }: InboundRecord): string {
  const { instruction_id: id, outcome } = data as { instruction_id: string; outcome: string };
  return `<- ${id} ${outcome}`;
}

function inbound<P>(contract: Contract<P>, data: P): InboundRecord<P> {
  const copy = structuredClone(data);
  return { contract, key: PAYMENT, partition: 0, offset: null, id: '', time: '', data: copy };
}
