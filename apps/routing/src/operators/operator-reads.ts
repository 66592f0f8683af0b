import { OutboxTransactions, type AuditEntry } from '@gateway/messaging';
import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { problem } from '../edge/problems';
import { viewOfPayment } from '../edge/payment-view';
import { PaymentReader } from '../outbound/payment-reader';
import { ownerOf } from './case-owner';
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

  async cases(operator: Operator, paymentId: string | null): Promise<object> {
    const data = await this.casesOf(paymentId, operator);
    await this.audit({
      subjectId: paymentId ?? 'cases',
      bucket: GENERAL_BUCKET,
      actor: actorOf(operator),
      actions: [{ action: 'cases.read', detail: { count: data.length } }],
    });
    return { object: 'list', data };
  }

  /** The payment with its state and whole history, every fact of every leg. */
  async payment(operator: Operator, id: string): Promise<object> {
    const payment = (await this.reader.find(this.database, [id])).get(id);
    if (payment === undefined) throw problem('PAYMENT_NOT_FOUND', { param: 'id' });
    const history = await this.reader.historyOf(this.database, id);
    const cases = await this.casesOf(id, operator);
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
      state: payment.state,
      standing: payment.standing,
      due: payment.due,
      history,
      cases,
    };
  }

  private async casesOf(paymentId: string | null, operator: Operator): Promise<object[]> {
    const cases = await this.reader.cases(this.database, paymentId, MOST_CASES);
    return cases.map((one) => ({ ...one, owner: ownerOf(one.kind) })).filter(({ owner }) => maySee(operator, owner));
  }

  private async audit(entry: AuditEntry): Promise<void> {
    await this.transactions.run(async () => ({ result: null, emit: { records: [], audit: [entry] } }));
  }
}
