import type { PaymentCase } from '../../apps/routing/src/domain/advance-payment';
import { NORMAL_ASKING } from '../../apps/routing/src/domain/backstop';
import type { Dispute, Liability } from '../../apps/routing/src/domain/disputes/dispute';
import type { Payment, PaymentOrder } from '../../apps/routing/src/domain/payment';
import type { Refund } from '../../apps/routing/src/domain/refund/refund';
import type { ReturnedCredit } from '../../apps/routing/src/domain/returns/returned-credit';
import { startPayment } from '../../apps/routing/src/domain/start-payment';
import { PaymentConsumer } from '../../apps/routing/src/inbound/payment.consumer';
import { AdvanceDisputes } from '../../apps/routing/src/use-cases/advance-disputes';
import { AdvancePayments, ObjectFolds, ObjectRecorders } from '../../apps/routing/src/use-cases/advance-payments';
import { AdvanceRefunds } from '../../apps/routing/src/use-cases/advance-refunds';
import { AdvanceReturns } from '../../apps/routing/src/use-cases/advance-returns';
import { AnswerDispute } from '../../apps/routing/src/use-cases/answer-dispute';
import { AskAgain } from '../../apps/routing/src/use-cases/ask-again';
import { CancelPayment } from '../../apps/routing/src/use-cases/cancel-payment';
import { CorrectReturn } from '../../apps/routing/src/use-cases/correct-return';
import { DecideRefunds } from '../../apps/routing/src/use-cases/decide-refunds';
import { DisputeRecorder } from '../../apps/routing/src/use-cases/dispute-recorder';
import type { DisputeRepository } from '../../apps/routing/src/use-cases/dispute.repository';
import { FundRefundsOfToday } from '../../apps/routing/src/use-cases/fund-refunds-of-today';
import { PaymentRecorder } from '../../apps/routing/src/use-cases/payment-recorder';
import type { PaymentRepository } from '../../apps/routing/src/use-cases/payment.repository';
import type {
  RefundDecision,
  RefundDecisionRepository,
} from '../../apps/routing/src/use-cases/refund-decision.repository';
import { RefundRecorder } from '../../apps/routing/src/use-cases/refund-recorder';
import type { RefundRepository } from '../../apps/routing/src/use-cases/refund.repository';
import { RequestRefund } from '../../apps/routing/src/use-cases/request-refund';
import { ReturnRecorder } from '../../apps/routing/src/use-cases/return-recorder';
import type { ReturnRepository } from '../../apps/routing/src/use-cases/return.repository';
import { StartPayments } from '../../apps/routing/src/use-cases/start-payments';
import { WithdrawOwedRefunds } from '../../apps/routing/src/use-cases/withdraw-owed-refunds';
import type { OutboundRecord, OutboxTransactions, Worked } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import type { Clock, IdSource } from '@gateway/platform';

/** Everything runs one after the other and nothing is ever rolled back, so that no transaction is needed. */
export const NO_TX = {} as Tx;

/** Routing's use cases over tables in memory, of one payment with all its objects. */
export class MemoryRouting {
  readonly refunds: Refund[] = [];
  readonly returns: ReturnedCredit[] = [];
  readonly disputes: Dispute[] = [];
  readonly cases: PaymentCase[] = [];
  readonly consumer: PaymentConsumer;
  readonly cancel: CancelPayment;
  readonly requestRefund: RequestRefund;
  readonly correct: CorrectReturn;
  readonly answer: AnswerDispute;
  readonly decide: DecideRefunds;
  readonly fundToday: FundRefundsOfToday;
  readonly askAgain: AskAgain;
  payment: Payment;
  private readonly decisions = new Map<string, RefundDecision>();
  private readonly starting: StartPayments;

  /** `publish` takes what a transaction has to tell. */
  constructor(
    private readonly clock: Clock,
    ids: IdSource,
    private readonly liability: Liability,
    private readonly publish: (records: readonly OutboundRecord[]) => void,
  ) {
    const statuses = {
      record: async () => undefined,
      recordLateCredits: async () => undefined,
      recordRefunds: async () => undefined,
      recordReturns: async () => undefined,
      recordDisputes: async () => undefined,
    };
    const asking = { plan: NORMAL_ASKING };
    const transactions: OutboxTransactions = { run: (work) => this.transaction(work) };
    const [payments, refunds, returns, disputes] = [
      this.paymentTable(),
      this.refundTable(),
      this.returnTable(),
      this.disputeTable(),
    ];
    const recorder = new PaymentRecorder(payments, statuses, asking);
    const refundRecorder = new RefundRecorder(recorder, refunds, statuses, asking);
    const returnRecorder = new ReturnRecorder(returns, statuses, asking);
    const disputeRecorder = new DisputeRecorder(disputes, statuses, asking);
    const folds = new ObjectFolds(
      new AdvanceRefunds(refunds, disputes),
      new AdvanceReturns(returns, refunds, ids),
      new AdvanceDisputes(disputes, refunds, ids),
      new WithdrawOwedRefunds(refunds, disputes),
    );
    const recorders = new ObjectRecorders(refundRecorder, returnRecorder, disputeRecorder);
    this.consumer = new PaymentConsumer(new AdvancePayments(payments, folds, recorders, clock));
    this.cancel = new CancelPayment(payments, recorder, transactions, clock);
    this.requestRefund = new RequestRefund(
      payments,
      refunds,
      refundRecorder,
      returns,
      returnRecorder,
      disputes,
      transactions,
      clock,
      ids,
    );
    this.correct = new CorrectReturn(payments, returns, recorder, returnRecorder, transactions, clock);
    this.answer = new AnswerDispute(payments, disputes, recorder, disputeRecorder, transactions, clock);
    this.decide = new DecideRefunds(
      payments,
      refunds,
      this.decisionTable(),
      disputes,
      refundRecorder,
      this.requestRefund,
      transactions,
      clock,
      ids,
    );
    this.fundToday = new FundRefundsOfToday(refunds, payments, disputes, refundRecorder, clock);
    this.askAgain = new AskAgain(payments, recorder, asking, clock);
    this.starting = new StartPayments(payments, recorder, asking);
  }

  async start(id: string, order: PaymentOrder): Promise<void> {
    const createdAt = this.clock.now();
    const started = startPayment({ id, partition: 0, createdAt }, order);
    this.payment = started.payment;
    const { emit } = await this.starting.run(NO_TX, [started], createdAt);
    this.publish(emit.records);
  }

  private async transaction<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    const { result, emit } = await work(NO_TX);
    this.publish(emit.records);
    return result;
  }

  private paymentTable(): PaymentRepository {
    const all = async (): Promise<Map<string, Payment>> => new Map([[this.payment.id, this.payment]]);
    return {
      insertNew: async () => ({ won: new Set([this.payment.id]), refused: new Map() }),
      lock: all,
      find: all,
      lockDue: async () => (this.payment.due === null ? [] : [this.payment]),
      postpone: async () => undefined,
      update: async () => undefined,
      appendChanges: async () => undefined,
      openCases: async (_tx, cases) => void this.cases.push(...cases),
    };
  }

  private refundTable(): RefundRepository {
    return {
      insert: async (_tx, refund) => void this.refunds.push(refund),
      ofPayment: async () => [...this.refunds],
      lock: async (_tx, ids) => new Map(this.refunds.filter(({ id }) => ids.includes(id)).map((one) => [one.id, one])),
      lockDue: async () => [],
      awaitingRate: async () =>
        this.refunds
          .filter(({ state }) => state === 'AWAITING_RATE')
          .map(({ id, order }) => ({ refundId: id, paymentId: order.paymentId })),
      update: async () => undefined,
    };
  }

  private returnTable(): ReturnRepository {
    return {
      insert: async (_tx, returned) => void this.returns.push(returned),
      ofPayments: async () => [...this.returns],
      find: async (_tx, id) => this.returns.find((one) => one.id === id) ?? null,
      lockDue: async () => [],
      update: async () => undefined,
    };
  }

  private disputeTable(): DisputeRepository {
    return {
      insert: async (_tx, dispute) => void this.disputes.push(dispute),
      ofPayments: async () => [...this.disputes],
      find: async (_tx, id) => this.disputes.find((one) => one.id === id) ?? null,
      lockDue: async () => [],
      update: async () => undefined,
      liabilityOf: async () => this.liability,
    };
  }

  private decisionTable(): RefundDecisionRepository {
    return {
      insert: async (_tx, decisionId, wish) => {
        const decision: RefundDecision = { ...wish, decisionId, verdict: null, decidedBy: null };
        this.decisions.set(decisionId, decision);
        return decision;
      },
      find: async (_tx, id) => this.decisions.get(id) ?? null,
      lock: async (_tx, id) => this.decisions.get(id) ?? null,
      decide: async (_tx, id, verdict, decidedBy) => {
        const asked = this.decisions.get(id);
        if (asked !== undefined) this.decisions.set(id, { ...asked, verdict, decidedBy });
      },
    };
  }
}
