import { Injectable } from '@nestjs/common';
import { Clock } from '@gateway/platform';
import {
  NotificationRefused,
  WalletNetwork,
  type Instruction,
  type NetworkDescription,
  type Outcome,
  type RawNotification,
  type VerifiedNotification,
} from '@gateway/wallet-network';
import { QrpayContract } from './qrpay.contract';
import { CANCEL_WINDOW_MS, ORDER_LIFE_MS, QRPAY_DESCRIPTION } from './qrpay.description';
import {
  cancelled,
  orderBody,
  outcomeOfCancel,
  outcomeOfOrder,
  outcomeOfOrderEnquiry,
  outcomeOfRefund,
  outcomeOfRefundEnquiry,
  refundBody,
} from './qrpay.mapping';
import { readEvent } from './qrpay.wire';

const NOT_OFFERED: Outcome = { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode: 'NOT_OFFERED' };
const RECEIVED = { contentType: 'application/json', body: '{"received":true}' };

/** QRPay, a retailers' wallet: one order per collection, cancelled or refunded on the way back. */
@Injectable()
export class QrpayNetwork extends WalletNetwork {
  constructor(
    private readonly contract: QrpayContract,
    private readonly clock: Clock,
  ) {
    super();
  }

  describe(): NetworkDescription {
    return QRPAY_DESCRIPTION;
  }

  /** QRPay collects at once: there is nothing to hold or to capture. */
  async hold(): Promise<Outcome> {
    return NOT_OFFERED;
  }

  async capture(): Promise<Outcome> {
    return NOT_OFFERED;
  }

  /** Nobody is paid on QRPay. */
  async credit(): Promise<Outcome> {
    return NOT_OFFERED;
  }

  async collect(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const body = orderBody(instruction, this.contract.notifyUrl, ORDER_LIFE_MS / 1_000);
    return outcomeOfOrder(await this.contract.client.makeOrder(body, signal));
  }

  /** A collection is cancelled while QRPay still cancels, and refunded after that. */
  async release(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { target, instructionId } = instruction;
    if (!target) return NOT_OFFERED;
    const paidAt = target.processedAt?.getTime() ?? null;
    if (paidAt === null || this.clock.nowMs() < paidAt + CANCEL_WINDOW_MS) {
      const call = await this.contract.client.cancel(target.instructionId, instructionId, signal);
      const outcome = outcomeOfCancel(call, paidAt !== null);
      if (outcome !== null) return outcome;
    }
    return this.refund({ ...instruction, amount: target.amount }, signal);
  }

  async refund(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return outcomeOfRefund(await this.contract.client.makeRefund(refundBody(instruction), signal));
  }

  async enquire(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { client } = this.contract;
    switch (instruction.operation) {
      case 'collect':
        return outcomeOfOrderEnquiry(await client.order(instruction.instructionId, signal));
      case 'refund':
        return outcomeOfRefundEnquiry(await client.refund(instruction.instructionId, signal));
      case 'release':
        return this.enquireRelease(instruction, signal);
      default:
        return NOT_OFFERED;
    }
  }

  async verifyNotification({ headers, path, rawBody }: RawNotification): Promise<VerifiedNotification> {
    const merchantId = headers['qrpay-merchant'] ?? '';
    const timestamp = headers['qrpay-timestamp'] ?? '';
    const signed = { method: 'POST', path, merchantId, timestamp, body: rawBody };
    const { verifier, client } = this.contract;
    if (merchantId !== client.merchantId || !verifier.acceptsNotification(signed, headers['qrpay-signature'])) {
      throw new NotificationRefused('the signature of a QRPay notification is not valid');
    }
    const event = readEvent(rawBody);
    return { notificationId: event.event_id, instructionId: event.order_id, acknowledgement: RECEIVED };
  }

  /** A release was a cancel or a refund: the order tells of the first, our id of the second. */
  private async enquireRelease(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { target } = instruction;
    if (!target) return NOT_OFFERED;
    const call = await this.contract.client.order(target.instructionId, signal);
    const proof = call.kind === 'answered' ? cancelled(call.answer, target.processedAt !== null) : null;
    if (proof !== null) return proof;
    if (call.kind !== 'answered') return outcomeOfOrderEnquiry(call);
    return outcomeOfRefundEnquiry(await this.contract.client.refund(instruction.instructionId, signal));
  }
}
