import { createHash } from 'node:crypto';
import type { NotifyPlan } from '../faults/fault';
import { plainInChina } from '../wire/china-time';
import { objectAt, textAt, type JsonObject } from '../wire/fields';

export type TransferStatus = 'SUCCESS' | 'DEALING' | 'FAIL' | 'REFUND';

/** A single transfer to an account; the amount is fen. */
export interface Transfer {
  readonly out_biz_no: string;
  readonly order_id: string;
  readonly fingerprint: string;
  readonly request: JsonObject;
  readonly account: string;
  readonly amount: bigint;
  readonly status: TransferStatus;
  readonly sub_code: string | null;
  readonly plan: { readonly notify: NotifyPlan; readonly outcome?: 'success' | 'fail' };
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly completes_at: Date | null;
  /** How much of it came back; null while nothing did. */
  readonly returned: bigint | null;
}

/** `alipay.fund.trans.uni.transfer`, read. */
export interface TransferRequest {
  readonly outBizNo: string;
  readonly account: string;
  readonly amount: bigint;
  readonly fingerprint: string;
}

export type Node = Record<string, unknown>;

const ID_LENGTH = 64;

/** The request, or the sub_code that refuses it. */
export function readTransfer(biz: JsonObject): TransferRequest | string {
  const outBizNo = textAt(biz, 'out_biz_no') ?? '';
  const amount = fenOf(textAt(biz, 'trans_amount') ?? '');
  const isProduct =
    textAt(biz, 'product_code') === 'TRANS_ACCOUNT_NO_PWD' && textAt(biz, 'biz_scene') === 'DIRECT_TRANSFER';
  if (outBizNo === '' || outBizNo.length > ID_LENGTH || amount === undefined || !isProduct) return 'INVALID_PARAMETER';
  const payee = payeeIn(objectAt(biz, 'payee_info'));
  if (payee === undefined) return 'INVALID_PARAMETER';
  const keyFields = [outBizNo, amount.toString(), ...payee];
  const fingerprint = createHash('sha256').update(keyFields.join('\n')).digest('hex');
  return { outBizNo, account: payee[0], amount, fingerprint };
}

/** Identity, its type and the name, which a logon id needs: it may belong to somebody else by now. */
function payeeIn(payee: JsonObject): readonly [string, string, string] | undefined {
  const identity = textAt(payee, 'identity');
  const type = textAt(payee, 'identity_type') ?? '';
  const name = textAt(payee, 'name') ?? '';
  if (identity === undefined || !/^ALIPAY_(LOGON|USER|OPEN)_ID$/.test(type)) return undefined;
  return type === 'ALIPAY_LOGON_ID' && name === '' ? undefined : [identity, type, name];
}

/** Decimal yuan as the platform writes amounts (`"360.21"`) to fen. */
export function fenOf(yuan: string): bigint | undefined {
  const match = /^(0|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?$/.exec(yuan);
  if (!match) return undefined;
  const fen = BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
  return fen > 0n ? fen : undefined;
}

export function yuanOf(fen: bigint): string {
  const digits = fen.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function ok(fields: Node): Node {
  return { code: '10000', msg: 'Success', ...fields };
}

export function businessFailure(subCode: string): Node {
  return {
    code: '40004',
    msg: 'Business Failed',
    sub_code: subCode,
    sub_msg: subCode.toLowerCase().replaceAll('_', ' '),
  };
}

export function invalidArguments(subCode: string): Node {
  return { code: '40002', msg: 'Invalid Arguments', sub_code: subCode, sub_msg: subCode };
}

/** The answer to the transfer and to its repeats. */
export function transferAnswer(transfer: Transfer): Node {
  if (transfer.status === 'FAIL') return businessFailure(transfer.sub_code ?? 'SYSTEM_ERROR');
  return ok({
    out_biz_no: transfer.out_biz_no,
    order_id: transfer.order_id,
    pay_fund_order_id: transfer.order_id,
    status: transfer.status === 'REFUND' ? 'SUCCESS' : transfer.status,
    amount: yuanOf(transfer.amount),
    trans_amount: yuanOf(transfer.amount),
    ...(transfer.finished_at && { trans_date: plainInChina(transfer.finished_at) }),
  });
}

/** The answer to `alipay.fund.trans.common.query`. */
export function queryAnswer(transfer: Transfer): Node {
  return ok({
    out_biz_no: transfer.out_biz_no,
    order_id: transfer.order_id,
    pay_fund_order_id: transfer.order_id,
    status: transfer.status,
    trans_amount: yuanOf(transfer.amount),
    order_fee: '0.00',
    ...(transfer.returned !== null && { refund_amount: yuanOf(transfer.returned) }),
    ...(transfer.finished_at && { pay_date: plainInChina(transfer.finished_at) }),
    ...(transfer.status === 'FAIL' && {
      error_code: transfer.sub_code,
      fail_reason: (transfer.sub_code ?? '').toLowerCase().replaceAll('_', ' '),
    }),
  });
}
