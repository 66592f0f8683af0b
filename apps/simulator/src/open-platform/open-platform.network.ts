import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { REVERSAL, type Execution, type NetworkExecutor } from '../faults/desk';
import type { Answer } from '../faults/reaction';
import { TransfersStore } from '../outbound/transfers.store';
import { objectAt, parseObject, textAt, type JsonObject } from '../wire/fields';
import { AlipayKeyStore } from './alipay-keys';
import { signedAnswer, type AnswerSigner } from './gateway-message';
import { businessFailure, invalidArguments, ok, queryAnswer, readTransfer, yuanOf, type Node } from './transfer';
import { Transfers } from './transfers';

/** Methods of the platform by the names that faults and books use. */
export const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['alipay.fund.trans.uni.transfer', 'transfer'],
  ['alipay.fund.trans.common.query', 'query'],
  ['alipay.fund.account.query', 'account'],
]);
/** What moves money out wants certificates; the rest is answered to a client with keys alone, too. */
export const BY_CERTIFICATE_ONLY: ReadonlySet<string> = new Set(['alipay.fund.trans.uni.transfer']);

/** What our account at the platform held before the first transfer, in fen: CNY 100,000,000.00. */
const OPENING_BALANCE = 10_000_000_000n;

/** The open platform. A request is `{params}` with all its parameters as text. */
@Injectable()
export class OpenPlatformNetwork implements NetworkExecutor {
  private signer: AnswerSigner | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: TransfersStore,
    private readonly transfers: Transfers,
    private readonly keys: AlipayKeyStore,
  ) {}

  async execute(operation: string, request: JsonObject, execution: Execution): Promise<Answer> {
    await this.prepare();
    const node = await this.answer(operation, request, execution);
    return this.sign(request, node, execution.badSignature);
  }

  unknown(_operation: string, request: JsonObject): Answer {
    return this.sign(request, businessFailure('SYSTEM_ERROR'), false);
  }

  /** A refusal by the gateway itself, before any business. */
  async refuse(params: JsonObject, subCode: string): Promise<Answer> {
    await this.prepare();
    return this.sign({ params }, invalidArguments(subCode), false);
  }

  async prepare(): Promise<void> {
    if (this.signer) return;
    const { alipayKey, alipayCertificateNumber } = await this.keys.get();
    this.signer = { key: alipayKey, certificateNumber: alipayCertificateNumber };
  }

  private async answer(operation: string, request: JsonObject, execution: Execution): Promise<Node> {
    const params = objectAt(request, 'params');
    const biz = bizOf(params);
    switch (operation) {
      case 'transfer':
        return this.transfer(params, biz, execution);
      case 'query':
        return this.query(biz, execution);
      case REVERSAL:
        return this.reverse(request, execution);
      case 'account':
        return ok({ available_amount: yuanOf(OPENING_BALANCE - (await this.store.spent())), freeze_amount: '0.00' });
      default:
        return invalidArguments('isv.invalid-method');
    }
  }

  private async transfer(params: JsonObject, biz: JsonObject, execution: Execution): Promise<Node> {
    const request = readTransfer(biz);
    if (typeof request === 'string') return invalidArguments(request);
    const notifyUrl = textAt(params, 'notify_url');
    const raw = { ...biz, ...(notifyUrl !== undefined && { notify_url: notifyUrl }) };
    return this.database.transaction((tx) => this.transfers.transfer(tx, raw, request, execution));
  }

  private async reverse(request: JsonObject, { now }: Execution): Promise<Node> {
    const id = textAt(request, 'reference') ?? '';
    const done = await this.database.transaction((tx) => this.transfers.giveBack(tx, id, null, now));
    return done ? ok({ out_biz_no: id }) : businessFailure('ORDER_NOT_EXIST');
  }

  private async query(biz: JsonObject, { now }: Execution): Promise<Node> {
    const id = textAt(biz, 'out_biz_no') ?? textAt(biz, 'order_id') ?? '';
    const transfer = await this.store.find(id);
    if (!transfer) return businessFailure('ORDER_NOT_EXIST');
    if (transfer.status !== 'DEALING') return queryAnswer(transfer);
    return this.database.transaction(async (tx) => {
      const locked = (await this.store.lock(tx, id)) ?? transfer;
      return queryAnswer(await this.transfers.settleDue(tx, locked, now));
    });
  }

  private sign(request: JsonObject, node: Node, broken: boolean): Answer {
    if (!this.signer) throw new Error('the platform answers only after its keys are loaded');
    const isByCertificate = textAt(request, 'params.app_cert_sn') !== undefined;
    const signer = isByCertificate ? this.signer : { key: this.signer.key };
    return signedAnswer(textAt(request, 'params.method') ?? '', node, signer, broken);
  }
}

export function bizOf(params: JsonObject): JsonObject {
  return parseObject(textAt(params, 'biz_content') ?? '');
}

/** Ends transfers that were left dealing. */
@Injectable()
export class TransferTimers {
  constructor(
    private readonly database: Database,
    private readonly store: TransfersStore,
    private readonly transfers: Transfers,
  ) {}

  async tick(now: Date): Promise<boolean> {
    const due = await this.store.due();
    for (const id of due) {
      await this.database.transaction(async (tx) => {
        const transfer = await this.store.lock(tx, id);
        if (transfer) await this.transfers.settleDue(tx, transfer, now);
      });
    }
    return due.length > 0;
  }
}
