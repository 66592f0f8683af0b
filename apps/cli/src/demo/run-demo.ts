import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayStatus } from '../launcher/state-file';
import { areSettled, type Books, Ledger } from './books';
import { type Journey, JOURNEYS } from './journeys';
import { type Instrument, PartnerApi, type Payment, type Quote } from './partner-api';
import { PartnerReceiver } from './partner-receiver';
import { Wallets } from './wallets';

/** One payment as it went. */
export interface Travelled {
  readonly journey: Journey;
  readonly quote: Quote;
  readonly source: Instrument;
  readonly target: Instrument;
  readonly payment: Payment;
  /** Milliseconds from the payment's request until routing had nothing left to do. */
  readonly elapsedMs: number;
  /** The events that the partner's receiver got about it, each verified, in order. */
  readonly told: readonly string[];
}

export interface DemoResult {
  readonly payments: readonly Travelled[];
  readonly before: Books;
  readonly after: Books;
  /** Both completed, the partner was told so, the books balance and nothing is left on the way. */
  readonly ok: boolean;
}

const POLL_MS = 100;
const PAYMENT_MS = 45_000;
const BOOKING_MS = 15_000;
/** Routing's own states in which nothing more happens to a payment. */
const FINAL_STATES: readonly string[] = [
  'COMPLETED',
  'REJECTED',
  'DECLINED',
  'EXPIRED',
  'REVERSED',
  'BLOCKED',
  'CAPTURE_LOST',
];

/** Sends one payment each way over the partner API, at the same time, as a partner wallet's server would. */
export async function runDemo(status: GatewayStatus): Promise<DemoResult> {
  const api = new PartnerApi(status.partner_api.url, status.partner_api.api_key);
  const wallets = new Wallets(status.simulator.url);
  const ledger = new Ledger(status.services['fx-settlement']?.url ?? '', status.internal_token);
  const receiver = new PartnerReceiver(api, status.simulator);
  await receiver.open();
  const before = await ledger.read();
  const payments = await Promise.all(JOURNEYS.map((journey) => travel(journey, api, wallets, receiver)));
  const after = await readSettledBooks(ledger, before);
  const completed = payments.every(hasCompleted);
  return { payments, before, after, ok: completed && areSettled(before, after) && hasMoved(before, after) };
}

function hasCompleted({ payment, told }: Travelled): boolean {
  return payment.status === 'completed' && isAtEnd(payment) && told.at(-1) === 'payment.completed';
}

async function travel(
  journey: Journey,
  api: PartnerApi,
  wallets: Wallets,
  receiver: PartnerReceiver,
): Promise<Travelled> {
  const quote = await api.createQuote({
    source_network: journey.sourceNetwork,
    target_network: journey.targetNetwork,
    fixed_side: journey.fixedSide,
    amount: journey.amount,
    purpose: 'goods',
  });
  const [source, target, payer, payee] = await Promise.all([
    instrument(api, journey.sourceNetwork, 'pay', await journey.payWith(wallets, quote.total_source_amount)),
    instrument(api, journey.targetNetwork, 'be_paid', await journey.bePaidOn(wallets, quote.target_amount)),
    api.createParty(journey.payer),
    api.createParty(journey.payee),
  ]);
  const began = performance.now();
  const created = await api.createPayment({
    offer: quote.offer,
    source_instrument: source.id,
    target_instrument: target.id,
    payer: payer.id,
    payee: payee.id,
    bop_code: journey.bopCode,
    reference: `demo ${journey.direction}`,
  });
  const payment = await untilAtEnd(api, created.id);
  const elapsedMs = Math.round(performance.now() - began);
  return { journey, quote, source, target, payment, elapsedMs, told: await receiver.told(created.id) };
}

function instrument(api: PartnerApi, network: string, use: string, data: object): Promise<Instrument> {
  return api.createInstrument({ network, use, ...data });
}

async function untilAtEnd(api: PartnerApi, id: string): Promise<Payment> {
  const deadline = performance.now() + PAYMENT_MS;
  for (;;) {
    const payment = await api.payment(id);
    if (isAtEnd(payment) || performance.now() > deadline) return payment;
    await sleep(POLL_MS);
  }
}

function isAtEnd({ history = [] }: Payment): boolean {
  return FINAL_STATES.includes(history.at(-1)?.state ?? '');
}

/** The ledger books from the payments' events, so it is a moment behind routing. */
async function readSettledBooks(ledger: Ledger, before: Books): Promise<Books> {
  const deadline = performance.now() + BOOKING_MS;
  for (;;) {
    const after = await ledger.read();
    if ((hasMoved(before, after) && areSettled(before, after)) || performance.now() > deadline) return after;
    await sleep(POLL_MS);
  }
}

/** Both payments are in the books when both currencies have been booked on. */
function hasMoved(before: Books, after: Books): boolean {
  const was = new Map(before.currencies.map(({ currency, debits }) => [currency, debits]));
  const moved = after.currencies.filter(({ currency, debits }) => debits !== (was.get(currency) ?? '0'));
  return moved.length >= 2;
}
