import type { Instruction } from '@gateway/wallet-network';
import type { TokenFields } from '../apple-pay/payment-token';

/** Where payments are booked at the acquirer; absent where the account has one channel and one balance. */
export interface AcquirerAccount {
  processingChannelId?: string;
  currencyAccountId?: string;
}

/** Whom payouts are sent by: the gateway's legal entity, as the schemes ask for it. */
const PAYOUT_SENDER = { type: 'corporate', company_name: 'Wallet Gateway' };

/**
 * Bodies of `POST /payments`. Each is the same however often one instruction is sent, as the acquirer refuses another
 * body under the same key. Persons are named by references only: their data stays with compliance.
 */
export function holdBody(instruction: Instruction, account: AcquirerAccount): object {
  return { ...purchaseBody(instruction, account), capture: false, authorization_type: 'Final' };
}

/** An account funding transaction: single message, money for another person. */
export function accountFundingBody(instruction: Instruction, account: AcquirerAccount): object {
  return {
    ...purchaseBody(instruction, account),
    capture: true,
    processing: { aft: true },
    sender: { type: 'individual', reference: instruction.paymentId },
    recipient: { reference: instruction.paymentId },
  };
}

export function payoutBody(instruction: Instruction, account: AcquirerAccount): object {
  return {
    source: { type: 'currency_account', ...(account.currencyAccountId && { id: account.currencyAccountId }) },
    destination: { type: 'token', token: tokenOf(instruction) },
    ...base(instruction, account),
    sender: { ...PAYOUT_SENDER, reference: instruction.paymentId },
  };
}

/** Body of a capture, void, refund or reversal; a void has no amount, it undoes the whole hold. */
export function actionBody(instruction: Instruction, withAmount: boolean): object {
  return {
    ...(withAmount && { amount: amountOf(instruction) }),
    reference: instruction.instructionId,
  };
}

/** Body of `POST /tokens`: the encrypted token as it came; only the acquirer can open it. */
export function tokenBody(fields: TokenFields): object {
  return { type: 'applepay', token_data: fields };
}

/** Body of `POST /metadata/card`. */
export function payoutSupportBody(token: string): object {
  return { source: { type: 'token', token }, format: 'card_payouts' };
}

function purchaseBody(instruction: Instruction, account: AcquirerAccount): object {
  return { source: { type: 'token', token: tokenOf(instruction) }, ...base(instruction, account) };
}

function base(instruction: Instruction, account: AcquirerAccount): object {
  return {
    amount: amountOf(instruction),
    currency: instruction.amount.currency,
    reference: instruction.instructionId,
    metadata: { payment_id: instruction.paymentId, bop_code: instruction.bopCode },
    ...(account.processingChannelId && { processing_channel_id: account.processingChannelId }),
  };
}

function tokenOf(instruction: Instruction): string {
  return instruction.instrument?.secret['token'] ?? '';
}

/** The acquirer wants a JSON integer; our limits lie far below what a double holds exactly. */
function amountOf(instruction: Instruction): number {
  return Number(instruction.amount.amount);
}
