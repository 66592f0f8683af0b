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
import { AlipayClients } from './alipay.clients';
import { ALIPAY_DESCRIPTION } from './alipay.description';
import {
  isNotFound,
  outcomeOfCancel,
  outcomeOfCancelled,
  outcomeOfCancelledPayment,
  outcomeOfPay,
  outcomeOfPaymentInquiry,
  outcomeOfRefund,
  outcomeOfRefundInquiry,
  outcomeOfTransfer,
} from './alipay.mapping';
import { payBody, refundBody } from './ams/ams-requests';
import type { AmsCall } from './ams/ams-client';
import { cancelDeadline, madeAt } from './collection-window';
import { claimOfAms, claimOfTransfer } from './notification-claims';
import { readForm, type FormFields } from './open-platform/open-platform-notification';

const NOT_OFFERED: Outcome = { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE', networkCode: 'NOT_OFFERED' };

/** Alipay: collects through Antom/Alipay+ AMS, pays out through the open platform. Both settle onshore in CNY. */
@Injectable()
export class AlipayNetwork extends WalletNetwork {
  constructor(
    private readonly clients: AlipayClients,
    private readonly clock: Clock,
  ) {
    super();
  }

  describe(): NetworkDescription {
    return ALIPAY_DESCRIPTION;
  }

  /** Alipay collects at once: there is nothing to hold or to capture. */
  async hold(): Promise<Outcome> {
    return NOT_OFFERED;
  }

  async capture(): Promise<Outcome> {
    return NOT_OFFERED;
  }

  async collect(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const call = await this.clients.ams.call('pay', payBody(instruction, this.clients.amsNotifyUrl), signal);
    return this.withDeadline(outcomeOfPay(call, instruction), call);
  }

  async credit(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const outcome = outcomeOfTransfer(await this.clients.transfers.transfer(instruction, signal), instruction);
    // A transfer that answers "no such order" has answered another question: what became of it is not known.
    return outcome.kind === 'NOT_FOUND' ? { kind: 'UNKNOWN', networkCode: 'ORDER_NOT_EXIST' } : outcome;
  }

  /** A collection is cancelled while AMS still cancels, and refunded after that. */
  async release(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { target } = instruction;
    if (!target) return NOT_OFFERED;
    const cancellable = target.processedAt === null || this.clock.now() < cancelDeadline(target.processedAt);
    if (cancellable) {
      const call = await this.clients.ams.call('cancel', { paymentRequestId: target.instructionId }, signal);
      const outcome = outcomeOfCancel(call, instruction);
      const isUnproven = outcome?.kind === 'PROCESSED' && target.processedAt === null;
      if (isUnproven) return this.whatWasCancelled(outcome, target.instructionId, signal);
      if (outcome !== null) return outcome;
    }
    return this.refund(instruction, signal);
  }

  /** The answer to a cancel does not say whether there was anything to give back: the payment itself does. */
  private async whatWasCancelled(
    cancelled: Parameters<typeof outcomeOfCancelled>[1],
    paymentRequestId: string,
    signal: AbortSignal,
  ): Promise<Outcome> {
    return outcomeOfCancelled(await this.clients.ams.call('inquiryPayment', { paymentRequestId }, signal), cancelled);
  }

  async refund(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    if (!instruction.target?.networkReference) return { kind: 'UNKNOWN', networkCode: 'NO_PAYMENT_ID' };
    return outcomeOfRefund(await this.clients.ams.call('refund', refundBody(instruction), signal));
  }

  async enquire(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    switch (instruction.operation) {
      case 'collect':
        return this.enquireCollection(instruction.instructionId, instruction, signal);
      case 'credit':
        return outcomeOfTransfer(await this.clients.transfers.query(instruction, signal), instruction);
      case 'release':
        return this.enquireRelease(instruction, signal);
      case 'refund':
        return this.enquireRefund(instruction, signal);
      default:
        return NOT_OFFERED;
    }
  }

  async verifyNotification(notification: RawNotification): Promise<VerifiedNotification> {
    return notification.headers['signature'] === undefined
      ? this.verifyOpenPlatform(notification)
      : this.verifyAms(notification);
  }

  private async enquireCollection(id: string, instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const call = await this.clients.ams.call('inquiryPayment', { paymentRequestId: id }, signal);
    return this.withDeadline(outcomeOfPaymentInquiry(call, instruction), call);
  }

  /** A collection that is certain tells until when it can be cancelled, whenever it was asked. */
  private withDeadline(outcome: Outcome, call: AmsCall): Outcome {
    if (outcome.kind !== 'PROCESSED') return outcome;
    const since = (call.kind === 'answered' ? madeAt(call.answer) : null) ?? this.clock.now();
    return { ...outcome, cancelableUntil: cancelDeadline(since).toISOString() };
  }

  private async enquireRefund(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const call = await this.clients.ams.call('inquiryRefund', { refundRequestId: instruction.instructionId }, signal);
    return outcomeOfRefundInquiry(call);
  }

  /** A release was a cancel or a refund; the target's state tells of the first, our refund id of the second. */
  private async enquireRelease(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { target } = instruction;
    if (!target) return NOT_OFFERED;
    const call = await this.clients.ams.call('inquiryPayment', { paymentRequestId: target.instructionId }, signal);
    if (call.kind !== 'answered') return { kind: 'UNKNOWN', networkCode: 'NO_ANSWER' };
    const { answer } = call;
    if (answer.result.resultStatus === 'S' && answer.paymentStatus === 'CANCELLED') {
      return outcomeOfCancelledPayment(answer, instruction);
    }
    if (isNotFound(answer.result.resultCode)) return { kind: 'NOT_FOUND' };
    return this.enquireRefund(instruction, signal);
  }

  private verifyAms({ headers, path, rawBody }: RawNotification): VerifiedNotification {
    const body = rawBody.toString('utf8');
    const clientId = headers['client-id'] ?? '';
    const message = { method: 'POST', path, clientId, time: headers['request-time'] ?? '', body } as const;
    if (clientId !== this.clients.amsClientId || !this.clients.amsVerifier.accepts(message, headers['signature'])) {
      throw new NotificationRefused('the signature of an AMS notification is not valid');
    }
    const fields = objectIn(body);
    const says = claimOfAms(fields);
    const accepted = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };
    return {
      notificationId: null,
      // What is told of a refund names its payment, too.
      instructionId: textIn(fields, 'refundRequestId') ?? textIn(fields, 'paymentRequestId'),
      ...(says && { says }),
      acknowledgement: { contentType: 'application/json', body: JSON.stringify({ result: accepted }) },
    };
  }

  private verifyOpenPlatform({ rawBody }: RawNotification): VerifiedNotification {
    const fields = readForm(rawBody);
    const ours = fields?.get('app_id') === this.clients.appId;
    if (fields === null || !ours || !this.clients.openPlatformNotifications.accepts(fields)) {
      throw new NotificationRefused('the signature of an open-platform notification is not valid');
    }
    return {
      notificationId: filled(fields, 'notify_id'),
      ...subjectOf(fields),
      acknowledgement: { contentType: 'text/plain', body: 'success' },
    };
  }
}

/** An empty field is as absent: it need not be signed. */
function filled(fields: FormFields, name: string): string | null {
  return fields.get(name) || null;
}

/** Fund notifications carry their fields inside `biz_content`, trade notifications as form fields of their own: null. */
function orderOf(fields: FormFields): Record<string, unknown> | null {
  const content = filled(fields, 'biz_content');
  return content === null ? null : objectIn(content);
}

/** JSON as an object; one without fields where it is none. */
function objectIn(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textIn(holder: Record<string, unknown>, name: string): string | null {
  const value = holder[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Which of our instructions a form names, and what it claims of it. */
function subjectOf(fields: FormFields): Pick<VerifiedNotification, 'instructionId' | 'says'> {
  const order = orderOf(fields);
  if (order === null) return { instructionId: filled(fields, 'out_biz_no') ?? filled(fields, 'out_trade_no') };
  const says = claimOfTransfer(order);
  return { instructionId: textIn(order, 'out_biz_no'), ...(says && { says }) };
}
