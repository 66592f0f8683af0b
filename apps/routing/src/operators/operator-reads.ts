import { OutboxTransactions, type AuditEntry } from '@gateway/messaging';
import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import type { Payment } from '../domain/payment';
import { disclosed, undisclosed } from '../edge/disclosure';
import { problem } from '../edge/problems';
import { viewOfPayment } from '../edge/payment-view';
import { PaymentReader, type HistoryEntry } from '../outbound/payment-reader';
import { kindsOf, ownerOf } from './case-owner';
import { actorOf, type Operator, type Role } from './roles';

const MOST_CASES = 100;
/** Reads that are about no single payment are told in the first stream. */
const GENERAL_BUCKET = 0;

/** What compliance works on is told to nobody else: the fewer know of a match, the fewer can tip off. */
function maySee({ roles }: Operator, owner: Role): boolean {
  return owner !== 'compliance' || roles.includes('compliance') || roles.includes('auditor');
}

/** What operators may see, with the audit entry of each read written before the answer leaves. */
@Injectable()
export class OperatorReads {
  constructor(
    private readonly database: Database,
    private readonly reader: PaymentReader,
    private readonly transactions: OutboxTransactions,
  ) {}

  /** A page of cases, newest first; `before` is the last one of the page before. */
  async cases(operator: Operator, paymentId: string | null, before: string | null): Promise<object> {
    const { data, hasMore } = await this.casesOf(operator, paymentId, before);
    await this.audit({
      subjectId: paymentId ?? 'cases',
      bucket: GENERAL_BUCKET,
      actor: actorOf(operator),
      actions: [{ action: 'cases.read', detail: { count: data.length } }],
    });
    return { object: 'list', data, has_more: hasMore };
  }

  /** The payment with its state and whole history, every fact of every leg. */
  async payment(operator: Operator, id: string): Promise<object> {
    const payment = (await this.reader.find(this.database, [id])).get(id);
    if (payment === undefined) throw problem('PAYMENT_NOT_FOUND', { param: 'id' });
    const history = await this.reader.historyOf(this.database, id);
    const { data: cases } = await this.casesOf(operator, id, null);
    const route = await this.reader.routeOf(this.database, id);
    await this.audit({
      subjectId: id,
      partnerId: payment.order.partnerId,
      bucket: payment.partition,
      actor: actorOf(operator),
      actions: [{ action: 'payment.read' }],
    });
    const { partnerId, legalEntity, payerParty, payeeParty, funding, bopCode } = payment.order;
    return {
      ...viewOfPayment(payment),
      partner: partnerId,
      legal_entity: legalEntity,
      payer: payerParty,
      payee: payeeParty,
      funding,
      bop_code: bopCode,
      route,
      ...this.progressOf(payment, history, operator),
      due: payment.due,
      cases,
    };
  }

  /** Where it stands and how it came there; a match or a review reads to others as the partner is told it. */
  private progressOf(payment: Payment, history: HistoryEntry[], operator: Operator): object {
    const { state, standing } = payment;
    return maySee(operator, 'compliance')
      ? { state, standing, history }
      : { ...undisclosed(payment), history: disclosed(history) };
  }

  private async casesOf(
    operator: Operator,
    paymentId: string | null,
    before: string | null,
  ): Promise<{ data: object[]; hasMore: boolean }> {
    const without = maySee(operator, 'compliance') ? [] : kindsOf('compliance');
    const found = await this.reader.cases(this.database, { paymentId, before, without, limit: MOST_CASES });
    const data = found.slice(0, MOST_CASES).map((one) => ({ ...one, owner: ownerOf(one.kind) }));
    return { data, hasMore: found.length > MOST_CASES };
  }

  private async audit(entry: AuditEntry): Promise<void> {
    await this.transactions.run(async () => ({ result: null, emit: { records: [], audit: [entry] } }));
  }
}
