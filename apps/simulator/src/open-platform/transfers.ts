import { Injectable } from '@nestjs/common';
import { RandomSource } from '@gateway/platform';
import type { Tx } from '@gateway/persistence';
import { otherAmount, type Execution } from '../faults/desk';
import { NORMAL_NOTIFY } from '../faults/fault';
import { BooksStore, type Sign } from '../outbound/books.store';
import { TransfersStore } from '../outbound/transfers.store';
import { dayInChina } from '../wire/china-time';
import type { JsonObject } from '../wire/fields';
import { businessFailure, transferAnswer, type Node, type Transfer, type TransferRequest } from './transfer';
import { TransferNotifications } from './transfer-notifications';

const DEFAULT_DECLINE = 'PAYEE_ACCOUNT_STATUS_ERROR';

/** Transfers to accounts, at most one per out_biz_no. */
@Injectable()
export class Transfers {
  constructor(
    private readonly store: TransfersStore,
    private readonly books: BooksStore,
    private readonly notifications: TransferNotifications,
    private readonly random: RandomSource,
  ) {}

  /** A repeat hears how the first stands, a refusal included; other content under the same number is refused. */
  async transfer(tx: Tx, raw: JsonObject, request: TransferRequest, execution: Execution): Promise<Node> {
    const transfer = newTransfer(raw, request, execution, this.orderId(execution.now));
    if (!(await this.store.insert(tx, transfer))) {
      const known = await this.store.lock(tx, request.outBizNo);
      if (known?.fingerprint !== request.fingerprint) return businessFailure('PAYMENT_INFO_INCONSISTENCY');
      return transferAnswer(await this.settleDue(tx, known, execution.now));
    }
    if (transfer.status === 'SUCCESS') await this.move(tx, transfer, 'transfer', 1, execution.now);
    if (transfer.status !== 'DEALING') await this.notifications.tell(tx, transfer);
    return transferAnswer(transfer);
  }

  async settleDue(tx: Tx, transfer: Transfer, now: Date): Promise<Transfer> {
    const isDue = transfer.completes_at !== null && transfer.completes_at <= now;
    if (transfer.status !== 'DEALING' || !isDue) return transfer;
    const failed = transfer.plan.outcome === 'fail';
    const settled: Transfer = {
      ...transfer,
      status: failed ? 'FAIL' : 'SUCCESS',
      sub_code: failed ? DEFAULT_DECLINE : null,
      finished_at: transfer.completes_at,
      completes_at: null,
    };
    await this.store.update(tx, settled);
    if (!failed) await this.move(tx, settled, 'transfer', 1, transfer.completes_at ?? now);
    await this.notifications.tell(tx, settled);
    return settled;
  }

  /** A transfer that was credited comes back, all or a part of it, days later (control API). */
  async giveBack(tx: Tx, id: string, part: bigint | null, now: Date): Promise<boolean> {
    const transfer = await this.store.lock(tx, id);
    if (transfer?.status !== 'SUCCESS' || (part !== null && part > transfer.amount)) return false;
    const amount = part ?? transfer.amount;
    const returned: Transfer = { ...transfer, status: 'REFUND', returned: amount };
    await this.store.update(tx, returned);
    await this.move(tx, { ...returned, amount }, 'return', -1, now);
    await this.notifications.tell(tx, { ...returned, plan: { notify: NORMAL_NOTIFY } });
    return true;
  }

  /** A transfer that was refused proves to have been made, as the next day's bill shows it (control API). */
  async succeedLate(tx: Tx, id: string, now: Date): Promise<boolean> {
    const transfer = await this.store.lock(tx, id);
    if (transfer?.status !== 'FAIL') return false;
    const made: Transfer = { ...transfer, status: 'SUCCESS', sub_code: null, finished_at: now };
    await this.store.update(tx, made);
    await this.move(tx, made, 'transfer', 1, now);
    await this.notifications.tell(tx, made);
    return true;
  }

  private async move(tx: Tx, transfer: Transfer, operation: string, sign: Sign, at: Date): Promise<void> {
    await this.books.record(tx, {
      network: 'open_platform',
      operation,
      reference: transfer.out_biz_no,
      networkReference: transfer.order_id,
      amount: transfer.amount,
      currency: 'CNY',
      sign,
      account: `${transfer.account.slice(0, 3)}***`,
      at,
      takenBack: operation === 'return',
    });
  }

  private orderId(now: Date): string {
    const digits = [...this.random.bytes(24)].map((byte) => String(byte % 10)).join('');
    return `${dayInChina(now)}${digits}`;
  }
}

function newTransfer(raw: JsonObject, request: TransferRequest, execution: Execution, orderId: string): Transfer {
  const { now, decline, pending, partial, notify } = execution;
  const status = decline ? 'FAIL' : pending ? 'DEALING' : 'SUCCESS';
  return {
    out_biz_no: request.outBizNo,
    order_id: orderId,
    fingerprint: request.fingerprint,
    request: raw,
    account: request.account,
    amount: partial ? otherAmount(request.amount, partial.amount) : request.amount,
    status,
    sub_code: decline ? (decline.code ?? DEFAULT_DECLINE) : null,
    plan: { notify, ...(pending && { outcome: pending.outcome }) },
    created_at: now,
    finished_at: status === 'SUCCESS' ? now : null,
    completes_at: pending ? new Date(now.getTime() + pending.ms) : null,
    returned: null,
  };
}
