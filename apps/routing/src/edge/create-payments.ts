import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DEFAULT_PARTITIONS } from '@gateway/contracts/contract';
import { EdgeBatcher, OutboxTransactions, type Emitted } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { IdSource, partitionOf, Problem, Sealer } from '@gateway/platform';
import { startPayment, type StartedPayment } from '../domain/start-payment';
import {
  IdempotencyRepository,
  nameOfKey,
  type ClaimedKeys,
  type KeyedRequest,
  type StoredKey,
} from '../outbound/idempotency.repository';
import { IntakeRepository } from '../outbound/intake.repository';
import { PaymentReader } from '../outbound/payment-reader';
import { StartPayments } from '../use-cases/start-payments';
import type { RefusedColumn } from '../use-cases/payment.repository';
import { answerOf, answerOfProblem, type Answer } from './answer';
import { inUse, replayOf, requireSameRequest } from './idempotent-requests';
import { OfferVerifier, type VerifiedOffer } from './offer';
import { checkPayment } from './payment-check';
import { viewOfOrder } from './payment-view';
import type { CreatePaymentBody } from './payment.schema';
import { Networks } from './networks';
import { problem, type ProblemCodeName } from './problems';

/** One verified request to make a payment. */
export interface CreatePaymentRequest extends KeyedRequest {
  requestId: string;
  actor: string;
  body: CreatePaymentBody;
}

/** A bad offer is refused under its key like everything else, so it goes along as its refusal. */
type Numbered = CreatePaymentRequest & { paymentId: string; offer: VerifiedOffer | Problem };

const LEGAL_ENTITIES: Readonly<Record<string, string>> = { USD: 'gateway-us', CNY: 'gateway-cn' };
const ACCEPTED = 202;
const UNAVAILABLE = 500;
const REFUSALS: Readonly<Record<RefusedColumn, { code: ProblemCodeName; param: string }>> = {
  quote_id: { code: 'QUOTE_ALREADY_USED', param: 'offer' },
  source_instrument: { code: 'INSTRUMENT_ALREADY_USED', param: 'source_instrument' },
};

/**
 * The hot edge (design S8): requests are joined, first the keys and then the payments of the keys won; a refused row
 * takes nothing, and its refusal is kept under its key.
 */
@Injectable()
export class CreatePayments implements OnModuleDestroy {
  private readonly batcher: EdgeBatcher<Numbered, Answer>;

  constructor(
    transactions: OutboxTransactions,
    private readonly keys: IdempotencyRepository,
    private readonly intake: IntakeRepository,
    private readonly start: StartPayments,
    private readonly reader: PaymentReader,
    private readonly ids: IdSource,
    private readonly sealer: Sealer,
    private readonly offers: OfferVerifier,
    private readonly networks: Networks,
  ) {
    this.batcher = new EdgeBatcher<Numbered, Answer>(transactions, {
      name: 'create-payments',
      compare: (left, right) => (nameOfKey(left) < nameOfKey(right) ? -1 : 1),
      handle: (requests, tx) => this.handle(requests, tx),
    });
  }

  async create(request: CreatePaymentRequest): Promise<Answer> {
    const offer = await this.offers.verify(request.body.offer, request.partnerId).catch(asRefusal);
    return this.batcher.submit({ ...request, offer, paymentId: this.ids.next('pay') });
  }

  async onModuleDestroy(): Promise<void> {
    await this.batcher.drain();
  }

  private async handle(requests: readonly Numbered[], tx: Tx): Promise<{ answers: Answer[]; emit: Emitted }> {
    const firsts = new Map<string, Numbered>();
    for (const request of requests) if (!firsts.has(nameOfKey(request))) firsts.set(nameOfKey(request), request);
    const claimed = await this.keys.claimForPayments(tx, [...firsts.values()]);
    const winners = [...firsts].filter(([name]) => claimed.won.has(name)).map(([, request]) => request);
    const made = await this.make(winners, claimed, tx);
    const repeats = requests.filter((request) => !winners.includes(request));
    const stored = repeats.length === 0 ? new Map<string, StoredKey>() : await this.keys.find(tx, repeats);
    const answers: Answer[] = [];
    for (const request of requests) {
      answers.push(made.answers.get(request.paymentId) ?? (await this.replay(request, stored, tx)));
    }
    return { answers, emit: made.emit };
  }

  private async make(
    winners: readonly Numbered[],
    { now }: ClaimedKeys,
    tx: Tx,
  ): Promise<{ answers: Map<string, Answer>; emit: Emitted }> {
    const answers = new Map<string, Answer>();
    const started = await this.check(winners, now, tx, answers);
    const { won, refused, emit } = await this.start.run(tx, [...started.values()], now);
    for (const request of winners) {
      const { paymentId, requestId } = request;
      const payment = started.get(paymentId)?.payment;
      if (payment && won.has(paymentId)) answers.set(paymentId, answerOf(ACCEPTED, viewOfOrder(payment)));
      const column = refused.get(paymentId);
      if (column) answers.set(paymentId, answerOfProblem(refusalOf(column), requestId));
    }
    const refusals = winners.filter(({ paymentId }) => answers.get(paymentId)?.status !== ACCEPTED);
    if (refusals.length > 0) await this.keep(refusals, answers, tx);
    return { answers, emit };
  }

  private async check(
    winners: readonly Numbered[],
    now: Date,
    tx: Tx,
    answers: Map<string, Answer>,
  ): Promise<Map<string, StartedPayment>> {
    const started = new Map<string, StartedPayment>();
    if (winners.length === 0) return started;
    const bodies = winners.map(({ body }) => body);
    const instruments = await this.intake.findInstruments(
      tx,
      bodies.flatMap((body) => [body.source_instrument, body.target_instrument]),
    );
    const parties = await this.intake.findParties(
      tx,
      bodies.flatMap((body) => [body.payer, body.payee]),
    );
    const countryOf = (network: string): string => this.networks.require(network, 'offer').country;
    for (const request of winners) {
      const { paymentId: id, offer } = request;
      try {
        if (offer instanceof Problem) throw offer;
        const legalEntity = LEGAL_ENTITIES[offer.claims.total_source_amount.currency] ?? 'gateway-us';
        const order = checkPayment({ ...request, offer, instruments, parties, countryOf, legalEntity, now });
        started.set(id, startPayment({ id, partition: partitionOf(id, DEFAULT_PARTITIONS), createdAt: now }, order));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        answers.set(id, answerOfProblem(error, request.requestId));
      }
    }
    return started;
  }

  private async keep(refusals: readonly Numbered[], answers: ReadonlyMap<string, Answer>, tx: Tx): Promise<void> {
    await this.keys.storeRefusals(
      tx,
      refusals.map((request) => {
        const { status, body } = answers.get(request.paymentId)!;
        const { partnerId, key } = request;
        return { partnerId, key, status, answer: this.sealer.seal(body, nameOfKey(request)) };
      }),
    );
  }

  /** A repeat gets what its key has come to: the refusal byte for byte, or the payment as it was made. */
  private async replay(request: Numbered, stored: ReadonlyMap<string, StoredKey>, tx: Tx): Promise<Answer> {
    const known = stored.get(nameOfKey(request));
    if (known === undefined) return answerOfProblem(inUse(), request.requestId);
    try {
      requireSameRequest(request, known);
    } catch (error) {
      if (error instanceof Problem) return answerOfProblem(error, request.requestId);
      throw error;
    }
    if (known.status !== null && known.answer !== null) {
      return replayOf(known.status, known.answer, request, this.sealer);
    }
    const payment =
      known.paymentId === null ? null : ((await this.reader.find(tx, [known.paymentId])).get(known.paymentId) ?? null);
    if (payment === null) return answerOfProblem(inUse(), request.requestId);
    return { ...answerOf(ACCEPTED, viewOfOrder(payment)), replayed: true };
  }
}

function refusalOf(column: RefusedColumn): Problem {
  const { code, param } = REFUSALS[column];
  return problem(code, { param });
}

/** A defect is no refusal, nor is that the answer is not to be had now: they are kept under no key. */
function asRefusal(error: unknown): Problem {
  if (error instanceof Problem && error.details.status < UNAVAILABLE) return error;
  throw error;
}
