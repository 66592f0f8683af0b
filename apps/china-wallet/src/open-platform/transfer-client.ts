import { neverLeft } from '@gateway/wallet-network';
import type { AlipaySdk, AlipaySdkCommonResult } from 'alipay-sdk';
import type { Instruction } from '@gateway/wallet-network';
import { minorOfYuan, yuanOfMinor } from './yuan';

/** The fields of transfer answers that this adapter reads. */
export interface TransferAnswer {
  code: string;
  sub_code?: string;
  status?: string;
  order_id?: string;
  out_biz_no?: string;
  error_code?: string;
  /** `trans_amount` turned into fen; absent where the answer has none. */
  trans_amount_minor?: string;
  /** `refund_amount` turned into fen: of a transfer that came back, where the answer says how much of it. */
  refund_amount_minor?: string;
}

/** As `AmsCall`: answered with a valid signature, never left, or silent. */
export type TransferCall =
  { kind: 'answered'; answer: TransferAnswer } | { kind: 'never_left' } | { kind: 'silent'; code: string };

/** Of any question about one transfer. */
interface BizContent extends Record<string, unknown> {
  out_biz_no: string;
}

const PRODUCT = { product_code: 'TRANS_ACCOUNT_NO_PWD', biz_scene: 'DIRECT_TRANSFER' };

/**
 * Transfers over the open platform through the official client in certificate mode, which verifies each answer over the
 * exact text received. Our instruction id is `out_biz_no`: the same id is one transfer.
 */
export class TransferClient {
  constructor(private readonly sdk: AlipaySdk) {}

  transfer(instruction: Instruction, signal: AbortSignal): Promise<TransferCall> {
    const account = instruction.instrument?.secret ?? {};
    return this.exec(
      'alipay.fund.trans.uni.transfer',
      {
        ...PRODUCT,
        out_biz_no: instruction.instructionId,
        trans_amount: yuanOfMinor(instruction.amount.amount),
        order_title: 'Cross-border payment',
        payee_info: { identity: account.identity, identity_type: account.identity_type, name: account.name },
      },
      signal,
    );
  }

  query(instruction: Instruction, signal: AbortSignal): Promise<TransferCall> {
    return this.exec('alipay.fund.trans.common.query', { ...PRODUCT, out_biz_no: instruction.instructionId }, signal);
  }

  private async exec(method: string, bizContent: BizContent, signal: AbortSignal): Promise<TransferCall> {
    try {
      const call = this.sdk.exec(method, { bizContent }, { validateSign: true });
      const answer = read(await untilAborted(call, signal));
      if (answer === null) return { kind: 'silent', code: 'UNREADABLE_ANSWER' };
      // However well it is signed: what is said of another transfer is no answer to what was asked.
      const isOurs = answer.out_biz_no === undefined || answer.out_biz_no === bizContent.out_biz_no;
      return isOurs ? { kind: 'answered', answer } : { kind: 'silent', code: 'OTHER_TRANSFER' };
    } catch (error) {
      const certain = neverLeft(error) && !wasSentBefore(error);
      return certain ? { kind: 'never_left' } : { kind: 'silent', code: 'NO_ANSWER' };
    }
  }
}

/** Null where an amount is there and cannot be read: what was moved is then not known, and not what was asked either. */
function read(answer: AlipaySdkCommonResult): TransferAnswer | null {
  const [amount, returned] = [answer.trans_amount, answer.refund_amount] as readonly unknown[];
  if (!isAbsentOrYuan(amount) || !isAbsentOrYuan(returned)) return null;
  const text = (name: string): string | undefined => (typeof answer[name] === 'string' ? answer[name] : undefined);
  return {
    code: String(answer.code),
    sub_code: text('sub_code'),
    status: text('status'),
    order_id: text('order_id'),
    out_biz_no: text('out_biz_no'),
    error_code: text('error_code'),
    trans_amount_minor: minorOfYuan(amount),
    refund_amount_minor: minorOfYuan(returned),
  };
}

function isAbsentOrYuan(amount: unknown): boolean {
  return amount === undefined || amount === null || amount === '' || minorOfYuan(amount) !== undefined;
}

/**
 * The official client's HTTP library sends a request a second time by itself when its connection is lost. What is thrown
 * then is the second failure; that the first one left is told by its count of repeats alone.
 */
function wasSentBefore(error: unknown): boolean {
  const { cause } = error as { cause?: { res?: { socketErrorRetries?: number } } };
  return (cause?.res?.socketErrorRetries ?? 1) > 0;
}

/** The official client cannot be aborted: its answer is no longer waited for, and the outcome is unknown. */
async function untilAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  call.catch(() => undefined);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('deadline passed'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([call, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
