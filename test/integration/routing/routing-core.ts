import type { Emitted, OutboundRecord, OutboxTransactions, Worked } from '@gateway/messaging';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import type { ScreeningOutcomeKind } from '@gateway/contracts/compliance.screening.events.v1';
import type { PaymentEvent } from '@gateway/contracts/payments.payment.events.v1';
import type { Tx } from '@gateway/persistence';
import { Clock, IdSource, SystemRandom } from '@gateway/platform';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import { SHORT_ASKING } from '../../../apps/routing/src/domain/backstop';
import { startPayment } from '../../../apps/routing/src/domain/start-payment';
import type { PaymentOrder } from '../../../apps/routing/src/domain/payment';
import { migrations } from '../../../apps/routing/src/migrations';
import { refundStatusOf } from '../../../apps/routing/src/domain/refund/refund-state';
import { SqlRefundRepository } from '../../../apps/routing/src/outbound/refund-sql.repository';
import { SqlPaymentRepository } from '../../../apps/routing/src/outbound/payment-sql.repository';
import { SqlDisputeRepository } from '../../../apps/routing/src/outbound/dispute-sql.repository';
import { disputeStatusOf } from '../../../apps/routing/src/domain/disputes/dispute-state';
import { AdvanceDisputes } from '../../../apps/routing/src/use-cases/advance-disputes';
import { DisputeRecorder } from '../../../apps/routing/src/use-cases/dispute-recorder';
import {
  AdvancePayments,
  ObjectFolds,
  ObjectRecorders,
  type FactOfPayment,
} from '../../../apps/routing/src/use-cases/advance-payments';
import { returnStatusOf } from '../../../apps/routing/src/domain/returns/return-state';
import { SqlReturnRepository } from '../../../apps/routing/src/outbound/return-sql.repository';
import { AdvanceReturns } from '../../../apps/routing/src/use-cases/advance-returns';
import { ReturnRecorder } from '../../../apps/routing/src/use-cases/return-recorder';
import { AdvanceRefunds } from '../../../apps/routing/src/use-cases/advance-refunds';
import { AskAgain } from '../../../apps/routing/src/use-cases/ask-again';
import { CancelPayment } from '../../../apps/routing/src/use-cases/cancel-payment';
import {
  factOfReservation,
  factOfScreening,
  factOfWallet,
} from '../../../apps/routing/src/use-cases/facts-from-outcomes';
import { PaymentRecorder } from '../../../apps/routing/src/use-cases/payment-recorder';
import {
  PublicStatusChanges,
  type DisputeStatusChange,
  type PublicStatusChange,
  type RefundStatusChange,
  type ReturnStatusChange,
} from '../../../apps/routing/src/use-cases/public-status-changes';
import { RefundRecorder } from '../../../apps/routing/src/use-cases/refund-recorder';
import { StartPayments, type StartedBatch } from '../../../apps/routing/src/use-cases/start-payments';
import { WithdrawOwedRefunds } from '../../../apps/routing/src/use-cases/withdraw-owed-refunds';
import { anOrder } from '../../../apps/routing/testing/payment-builder';

/** Business time that the test moves; the database's own clock follows through `test_clock`. */
class MovableClock extends Clock {
  aheadMs = 0;
  nowMs(): number {
    return Date.now() + this.aheadMs;
  }
}

class HeardStatuses extends PublicStatusChanges {
  readonly heard: string[] = [];
  async record(_tx: Tx, changes: readonly PublicStatusChange[]): Promise<void> {
    this.heard.push(...changes.map(({ payment, status }) => `${payment.id} ${status}`));
  }
  async recordLateCredits(_tx: Tx, changes: readonly PublicStatusChange[]): Promise<void> {
    this.heard.push(...changes.map(({ payment }) => `${payment.id} credited_late`));
  }
  async recordRefunds(_tx: Tx, changes: readonly RefundStatusChange[]): Promise<void> {
    this.heard.push(...changes.map(({ refund }) => `${refund.id} ${refundStatusOf(refund.state)}`));
  }
  async recordReturns(_tx: Tx, changes: readonly ReturnStatusChange[]): Promise<void> {
    this.heard.push(...changes.map(({ returned }) => `${returned.id} ${returnStatusOf(returned.state)}`));
  }
  async recordDisputes(_tx: Tx, changes: readonly DisputeStatusChange[]): Promise<void> {
    this.heard.push(...changes.map(({ dispute }) => `${dispute.id} ${disputeStatusOf(dispute.state)}`));
  }
}

/** Outcomes as their owners tell them, for one payment. */
export interface Outcomes {
  screening(outcome: ScreeningOutcomeKind, version?: number): FactOfPayment;
  reservation(outcome: 'GRANTED' | 'REFUSED' | 'RELEASED', version?: number): FactOfPayment;
  wallet(
    operation: WalletOutcome['operation'],
    outcome: WalletOutcome['outcome'],
    more?: Partial<WalletOutcome>,
  ): FactOfPayment;
}

/** The core of routing on a database of its own; what it would publish is kept in `published`. */
export class RoutingCore {
  readonly published: OutboundRecord[] = [];
  readonly audited: string[] = [];
  private made = 0;

  private constructor(
    readonly test: TestDatabase,
    readonly clock: MovableClock,
    readonly statuses: HeardStatuses,
    private readonly start: StartPayments,
    private readonly advance: AdvancePayments,
    private readonly asking: AskAgain,
    private readonly canceling: CancelPayment,
    private readonly ids: IdSource,
    private readonly transactions: OutboxTransactions,
  ) {}

  static async open(): Promise<RoutingCore> {
    const test = await createTestDatabase(migrations);
    const clock = new MovableClock();
    const statuses = new HeardStatuses();
    const ids = new IdSource(clock, new SystemRandom());
    const payments = new SqlPaymentRepository(ids);
    const plan = { plan: SHORT_ASKING };
    const recorder = new PaymentRecorder(payments, statuses, plan);
    const refunds = new SqlRefundRepository();
    const returns = new SqlReturnRepository();
    const disputes = new SqlDisputeRepository();
    const refundRecorder = new RefundRecorder(recorder, refunds, statuses, plan);
    const box: { core: RoutingCore | null } = { core: null };
    const transactions: OutboxTransactions = {
      run: async <T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> => {
        const worked = await test.database.transaction(work);
        box.core?.keep(worked.emit);
        return worked.result;
      },
    };
    const core = new RoutingCore(
      test,
      clock,
      statuses,
      new StartPayments(payments, recorder, plan),
      new AdvancePayments(
        payments,
        new ObjectFolds(
          new AdvanceRefunds(refunds, disputes),
          new AdvanceReturns(returns, refunds, ids),
          new AdvanceDisputes(disputes, refunds, ids),
          new WithdrawOwedRefunds(refunds, disputes),
        ),
        new ObjectRecorders(
          refundRecorder,
          new ReturnRecorder(returns, statuses, plan),
          new DisputeRecorder(disputes, statuses, plan),
        ),
        clock,
      ),
      new AskAgain(payments, recorder, plan, clock),
      new CancelPayment(payments, recorder, transactions, clock),
      ids,
      transactions,
    );
    box.core = core;
    return core;
  }

  async order(...changes: Partial<PaymentOrder>[]): Promise<{ ids: string[]; batch: StartedBatch }> {
    const now = this.clock.now();
    const started = changes.map((change) => {
      const id = this.ids.next('pay');
      const quoteId = `qte_${String((this.made += 1))}`;
      const { order } = anOrder({ id, createdAt: now, quoteId, ...change }).payment;
      return startPayment({ id, partition: this.made % 6, createdAt: now }, order);
    });
    const batch = await this.transactions.run(async (tx) => {
      const result = await this.start.run(tx, started, now);
      return { result, emit: result.emit };
    });
    return { ids: started.map(({ payment }) => payment.id), batch };
  }

  /** One batch: one transaction. Answers what it published. */
  async take(...facts: FactOfPayment[]): Promise<OutboundRecord[]> {
    const before = this.published.length;
    await this.transactions.run(async (tx) => ({
      result: null,
      emit: await this.advance.run(tx, { payments: facts, refunds: [], returns: [], disputes: [] }),
    }));
    return this.published.slice(before);
  }

  async cancel(id: string): Promise<string> {
    return (await this.canceling.run(id, 'prt_test', 'partner:prt_test')).answer;
  }

  async passTime(ms: number): Promise<void> {
    this.clock.aheadMs += ms;
    await this.test.database.query(`UPDATE test_clock SET clock_offset = $1 * interval '1 ms'`, [this.clock.aheadMs]);
  }

  async lookForDue(): Promise<OutboundRecord[]> {
    const before = this.published.length;
    await this.transactions.run(async (tx) => {
      const { payments, emit } = await this.asking.run(tx, 200);
      return { result: payments, emit };
    });
    return this.published.slice(before);
  }

  async stateOf(id: string): Promise<string> {
    const [row] = await this.test.database.query<{ state: string }>(
      'SELECT state FROM payment_progress WHERE payment_id = $1',
      [id],
    );
    return row?.state ?? 'none';
  }

  async casesOf(id: string): Promise<string[]> {
    const rows = await this.test.database.query<{ kind: string }>(
      'SELECT kind FROM payment_case WHERE payment_id = $1 ORDER BY case_id',
      [id],
    );
    return rows.map((row) => row.kind);
  }

  eventsOf(id: string): PaymentEvent[] {
    return this.published
      .filter(({ contract }) => contract.topic === 'payments.payment.events.v1')
      .map(({ data }) => data as PaymentEvent)
      .filter((event) => event.payment_id === id);
  }

  moneyOf(id: string): string[] {
    return this.eventsOf(id).flatMap((event) => event.changes.flatMap(({ money }) => money ?? []));
  }

  async close(): Promise<void> {
    await this.test.drop();
  }

  private keep(emit: Emitted): void {
    for (const { contract, data } of emit.records) expect(contract.problemOf(data)).toBeNull();
    this.published.push(...emit.records);
    this.audited.push(...(emit.audit ?? []).map(({ subjectId }) => subjectId));
  }
}

const AT = '2026-11-25T10:00:00.000Z';

/** Outcomes of one payment; versions of a leg rise with each call unless given. */
export function outcomesOf(id: string, attempt = 1): Outcomes {
  const versions = new Map<string, number>();
  const next = (part: string): number => {
    const version = (versions.get(part) ?? 0) + 1;
    versions.set(part, version);
    return version;
  };
  const base = { payment_id: id, partner_id: 'prt_test', at: AT };
  const again = attempt === 1 ? '' : `-${attempt}`;
  return {
    screening: (outcome, version = next('screening')) => ({
      paymentId: id,
      fact: factOfScreening({ ...base, instruction_id: `${id}-screen`, version, outcome }),
    }),
    reservation: (outcome, version) => {
      const part = outcome === 'RELEASED' ? 'unreserve' : 'reserve';
      const instruction_id = `${id}-${part}${again}`;
      return {
        paymentId: id,
        fact: factOfReservation({ ...base, instruction_id, version: version ?? next(part), outcome }),
      };
    },
    wallet: (operation, outcome, more = {}) => {
      const version = more.version ?? next(operation);
      const fact = factOfWallet({
        ...base,
        network: operation === 'credit' ? 'alipay' : 'applepay',
        instruction_id: `${id}-${operation}`,
        operation,
        outcome,
        evidence: 'answer',
        ...more,
        version,
      });
      if (fact === null) throw new Error(`${operation} is no part of a payment`);
      return { paymentId: id, fact };
    },
  };
}

/** `<contract topic without version>:<operation>` of commands, in order. */
export function commandsIn(records: readonly OutboundRecord[]): string[] {
  return records
    .filter(({ contract }) => contract.topic.endsWith('commands.v1'))
    .map(({ data }) => (data as { operation: string }).operation);
}
