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
import type { AcquirerPayment } from './acquirer/acquirer-answers';
import type { AcquirerCall } from './acquirer/acquirer-call';
import type { PaymentAction, PaymentOrder } from './acquirer/acquirer-client';
import { isSignedBy } from './acquirer/webhook-signature';
import { ApplePayClients } from './applepay.clients';
import { encryptedTokenOf } from './encrypted-token';
import { APPLE_PAY_DESCRIPTION } from './applepay.description';
import { reversibleUntil } from './hold-validity';
import { outcomeOfAction, outcomeOfActionRefusal, outcomeOfMissingCapture } from './outcomes/action-outcomes';
import { NOT_OFFERED, outcomeOfFailedEnquiry, unknown } from './outcomes/no-outcome';
import { canBeDisputed, outcomeOfPayment, schemeOf } from './outcomes/payment-outcomes';
import { ownPayment, paymentOfSearch } from './outcomes/payment-search';
import { outcomeOfRequest, outcomeOfTokenRefusal } from './outcomes/request-outcomes';
import { mayBeTakenBack, outcomeTakenBack } from './taken-back';
import { readEvent } from './webhook-events';

/** The state of the payment does not allow it, or the request does not fit its state. */
const DEFINITE_REFUSALS: ReadonlySet<number> = new Set([403, 422]);

/** Apple Pay on US cards through a card acquirer: purchases held then captured, account fundings, push to card. */
@Injectable()
export class ApplePayNetwork extends WalletNetwork {
  constructor(
    private readonly clients: ApplePayClients,
    private readonly clock: Clock,
  ) {
    super();
  }

  describe(): NetworkDescription {
    return APPLE_PAY_DESCRIPTION;
  }

  async hold(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.pay('hold', instruction, signal);
  }

  async collect(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    if (instruction.instrument?.scheme === 'amex') return NOT_OFFERED;
    return this.pay('collect', instruction, signal);
  }

  async credit(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    if (instruction.instrument?.scheme === 'amex') return NOT_OFFERED;
    return this.pay('credit', instruction, signal);
  }

  async capture(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.act('capture', instruction, signal);
  }

  /** A hold is voided. A collection is reversed while the scheme still reverses it, and refunded after that. */
  async release(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { target } = instruction;
    if (target?.operation !== 'collect') return this.act('void', instruction, signal);
    const since = target.processedAt ?? this.clock.now();
    const reversible = this.clock.now() < reversibleUntil(schemeOf(instruction, null), since);
    return this.act(reversible ? 'reverse' : 'refund', instruction, signal);
  }

  async refund(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.act('refund', instruction, signal);
  }

  override represent(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.clients.disputes.represent(instruction, signal);
  }

  override accept(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    return this.clients.disputes.accept(instruction, signal);
  }

  async enquire(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    switch (instruction.operation) {
      case 'hold':
      case 'collect':
      case 'credit':
        return this.enquirePayment(instruction, signal);
      case 'capture':
      case 'release':
      case 'refund':
        return this.enquireAction(instruction, signal);
      case 'represent':
      case 'accept':
        return this.clients.disputes.enquire(instruction, signal);
    }
  }

  async verifyNotification({ headers, rawBody }: RawNotification): Promise<VerifiedNotification> {
    if (!isSignedBy(this.clients.webhookSecret, rawBody, headers['cko-signature']))
      throw new NotificationRefused('the signature of an acquirer notification is not valid');
    const event = readEvent(rawBody);
    return {
      notificationId: event?.id ?? null,
      instructionId: event?.instructionId ?? null,
      isOfDispute: event?.isOfDispute ?? false,
      ...(event?.says && { says: event.says }),
      acknowledgement: { contentType: 'application/json', body: '{}' },
    };
  }

  /** With the acquirer's own token, or by the decryption process with what is inside of the payer's. */
  private async pay(
    operation: PaymentOrder['operation'],
    instruction: Instruction,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { instructionId, paymentId, bopCode, amount } = instruction;
    const order: PaymentOrder = { operation, instructionId, paymentId, bopCode, amount };
    const encrypted = encryptedTokenOf(instruction);
    if (encrypted === null) {
      const token = instruction.instrument?.secret['token'] ?? '';
      const call = await this.clients.acquirer.pay(order, { type: 'token', token }, signal);
      return outcomeOfRequest(call, instruction);
    }
    const answer = await this.clients.decryption.pay(encrypted, order, signal);
    return answer.kind === 'refused'
      ? outcomeOfTokenRefusal(answer.code, instruction)
      : outcomeOfRequest(answer.call, instruction);
  }

  private async enquirePayment(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const { networkReference, instructionId } = instruction;
    if (networkReference === null) {
      const found = paymentOfSearch(await this.clients.acquirer.paymentsOf(instructionId, signal), instruction);
      return 'kind' in found ? found : this.outcomeNow(found, instruction, signal);
    }
    const call = await this.clients.acquirer.payment(networkReference, signal);
    if (call.kind !== 'answered') return outcomeOfFailedEnquiry(call);
    const outcome = await this.outcomeNow(call.answer, instruction, signal);
    const mayBeDisputed = outcome.kind === 'PROCESSED' && canBeDisputed(call.answer, instruction);
    return mayBeDisputed ? this.clients.disputes.told(outcome, signal) : outcome;
  }

  /** Where the payer's money is free again, the actions tell whether that was our doing or the acquirer's own. */
  private async outcomeNow(payment: AcquirerPayment, instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    if (!mayBeTakenBack(payment, instruction)) return outcomeOfPayment(payment, instruction);
    const actions = await this.clients.acquirer.actionsOf(payment.id, signal);
    if (actions.kind !== 'answered') return outcomeOfFailedEnquiry(actions);
    return outcomeTakenBack(payment, actions.answer, instruction) ?? outcomeOfPayment(payment, instruction);
  }

  private async enquireAction(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const paymentId = await this.targetPayment(instruction, signal);
    if (typeof paymentId !== 'string') return paymentId;
    const actions = await this.clients.acquirer.actionsOf(paymentId, signal);
    if (actions.kind !== 'answered') return outcomeOfFailedEnquiry(actions);
    const told = outcomeOfAction(actions.answer, instruction, paymentId);
    if (told !== null) return told;
    if (instruction.operation !== 'capture') return { kind: 'NOT_FOUND' };
    return outcomeOfMissingCapture(await this.clients.acquirer.payment(paymentId, signal), instruction);
  }

  /**
   * The acquirer answers an action with "taken for processing" and tells its result among the payment's actions only, so
   * these are read at once; while ours is not among them, it is under way.
   */
  private async act(action: PaymentAction, instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const paymentId = await this.targetPayment(instruction, signal);
    if (typeof paymentId !== 'string') {
      // Nothing to take back was found, which proves nothing: what is to be taken back is sent again, to be definite.
      const isGone = paymentId.kind === 'NOT_FOUND' && instruction.operation !== 'release';
      return isGone ? unknown('TARGET_NOT_FOUND') : paymentId;
    }
    const call = await this.clients.acquirer.act(action, paymentId, instruction, signal);
    if (call.kind === 'never_left') return { kind: 'NOT_SUBMITTED', reason: 'REFUSED_BEFORE_ACCEPTANCE' };
    return call.kind === 'silent' ? unknown(call.code) : this.readBack(call, paymentId, instruction, signal);
  }

  private async readBack(
    call: Taken,
    paymentId: string,
    instruction: Instruction,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const actions = await this.clients.acquirer.actionsOf(paymentId, signal);
    const told = actions.kind === 'answered' ? outcomeOfAction(actions.answer, instruction, paymentId) : null;
    if (told !== null) return told;
    if (call.kind === 'answered') return { kind: 'PENDING', networkReference: call.answer.actionId };
    const [code = `HTTP_${call.status}`] = call.codes;
    const isDefinite = actions.kind === 'answered' && DEFINITE_REFUSALS.has(call.status);
    if (!isDefinite) return unknown(code);
    // Not among the actions: the payment's own status tells why, if anything does.
    return outcomeOfActionRefusal(code, await this.clients.acquirer.payment(paymentId, signal), instruction);
  }

  /** The acquirer's id of the payment that is acted on; searched for where the hold's own answer was lost. */
  private async targetPayment(instruction: Instruction, signal: AbortSignal): Promise<string | Outcome> {
    const { target } = instruction;
    if (target === undefined) return NOT_OFFERED;
    if (target.networkReference !== null) return target.networkReference;
    const found = await this.clients.acquirer.paymentsOf(target.instructionId, signal);
    if (found.kind !== 'answered') return outcomeOfFailedEnquiry(found);
    const payment = ownPayment(found.answer, target.instructionId);
    if (payment === 'twice') return unknown('EXECUTED_TWICE');
    return payment?.id ?? { kind: 'NOT_FOUND' };
  }
}

/** An action that the acquirer answered: taken for processing, or refused. */
type Taken = Extract<AcquirerCall<{ actionId: string }>, { kind: 'answered' | 'refused' }>;
