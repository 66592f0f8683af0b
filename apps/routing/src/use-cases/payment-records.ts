import type { AmountOnWire } from '@gateway/contracts/contract';
import { screeningCommands } from '@gateway/contracts/compliance.screening.commands.v1';
import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import {
  paymentEvents,
  type DisputeOfChange,
  type PaymentChange as PaymentChangeOnWire,
  type PaymentEvent,
  type RefundOfChange,
} from '@gateway/contracts/payments.payment.events.v1';
import {
  walletCommands,
  type WalletCommand,
  type WalletOperation,
} from '@gateway/contracts/wallet.network.commands.v1';
import type { Contract } from '@gateway/contracts/contract';
import type { AuditEntry, OutboundRecord } from '@gateway/messaging';
import type { Money } from '@gateway/money';
import { instructionIdOf, PART_OF } from '../domain/instruction';
import type { InstructionName } from '../domain/parts';
import type { Payment } from '../domain/payment';
import type { DisputeNote, PaymentChange, RefundNote } from '../domain/payment-change';
import { publicStatusOf } from '../domain/public-status';
import { leftToReturn } from '../domain/taken-back';
import { startBy } from '../domain/terms';

/** Raised when the database is restored, so that readers tell a new history from a repeat (design S1). */
const INCARNATION = 0;

const walletContracts = new Map<string, Contract<WalletCommand>>();

/** One contract a network for the life of the process: a contract compiles its schema once. */
export function walletContract(network: string): Contract<WalletCommand> {
  let contract = walletContracts.get(network);
  if (contract === undefined) {
    contract = walletCommands(network);
    walletContracts.set(network, contract);
  }
  return contract;
}

export function onWire(amount: Money): AmountOnWire {
  return { amount: amount.toDigits(), currency: amount.currency.code };
}

/** A change as the event and the history carry it. */
export function wireChangeOf(change: PaymentChange): PaymentChangeOnWire {
  const { fact, from, to, at, instructionId, network, counterparty, amount, reason, money, refund, returned, dispute } =
    change;
  return {
    fact,
    from,
    to,
    at: at.toISOString(),
    ...(instructionId === undefined ? {} : { instruction_id: instructionId }),
    ...(network === undefined ? {} : { network }),
    ...(counterparty === undefined ? {} : { counterparty }),
    ...(amount === undefined ? {} : { amount: onWire(amount) }),
    ...(reason === undefined ? {} : { reason }),
    ...(money === undefined ? {} : { money }),
    ...(refund === undefined ? {} : { refund: wireRefundOf(refund) }),
    ...(returned === undefined ? {} : { returned: { return_id: returned.id, from: returned.from, to: returned.to } }),
    ...(dispute === undefined ? {} : { dispute: wireDisputeOf(dispute) }),
  };
}

function wireRefundOf({ id, from, to, rule, bearer, source, target, mid, returnId }: RefundNote): RefundOfChange {
  return {
    refund_id: id,
    from,
    to,
    rule,
    ...(bearer === null ? {} : { bearer }),
    source_amount: onWire(source),
    target_amount: onWire(target),
    ...(mid === null ? {} : { mid }),
    ...(returnId === null ? {} : { return_id: returnId }),
  };
}

function wireDisputeOf({ id, from, to, fee, liability }: DisputeNote): DisputeOfChange {
  return { dispute_id: id, from, to, ...(fee === null ? {} : { fee: onWire(fee) }), liability: liability.bearer };
}

/** The payment's event: all changes of one transaction, numbered by the payment's own sequence. */
export function eventOf(payment: Payment, changes: readonly PaymentChange[]): OutboundRecord<PaymentEvent> {
  const { order } = payment;
  return {
    contract: paymentEvents,
    partition: payment.partition,
    sequence: payment.sequence,
    incarnation: INCARNATION,
    data: {
      payment_id: payment.id,
      partner_id: order.partnerId,
      sequence: payment.sequence,
      incarnation: INCARNATION,
      state: payment.state,
      public_status: publicStatusOf(payment),
      quote_id: order.quoteId,
      purpose: order.purpose,
      funding: order.funding,
      source_network: order.sourceNetwork,
      target_network: order.targetNetwork,
      source_amount: onWire(order.totalSource),
      target_amount: onWire(order.target),
      changes: changes.map(wireChangeOf),
    },
  };
}

/** The command of an instruction. Built from what is stored, so that a repeat is the same command. */
export function commandOf(payment: Payment, instruction: InstructionName): OutboundRecord {
  switch (instruction) {
    case 'screen':
      return screeningCommandOf(payment);
    case 'reserve':
    case 'undo_reservation':
      return reservationCommandOf(payment, instruction);
    case 'fund':
    case 'capture':
    case 'undo_source':
    case 'credit':
      return walletCommandOf(payment, instruction);
  }
}

function screeningCommandOf(payment: Payment): OutboundRecord {
  const { order } = payment;
  return {
    contract: screeningCommands,
    partition: payment.partition,
    data: {
      instruction_id: instructionIdOf(payment, 'screening'),
      payment_id: payment.id,
      partner_id: order.partnerId,
      operation: 'screen',
      payer_party_id: order.payerParty,
      payee_party_id: order.payeeParty,
      source_network: order.sourceNetwork,
      target_network: order.targetNetwork,
      source_amount: onWire(order.totalSource),
      target_amount: onWire(order.target),
      purpose: order.purpose,
    },
  };
}

function reservationCommandOf(payment: Payment, instruction: 'reserve' | 'undo_reservation'): OutboundRecord {
  const reserveId = instructionIdOf(payment, 'reserve');
  const subject = { payment_id: payment.id, partner_id: payment.order.partnerId };
  return {
    contract: reservationCommands,
    partition: payment.partition,
    data:
      instruction === 'reserve'
        ? { instruction_id: reserveId, ...subject, operation: 'reserve', offer: payment.order.offer }
        : {
            instruction_id: instructionIdOf(payment, 'unreserve'),
            ...subject,
            operation: 'release',
            target_instruction_id: reserveId,
          },
  };
}

type WalletInstruction = 'fund' | 'capture' | 'undo_source' | 'credit';

function walletCommandOf(payment: Payment, instruction: WalletInstruction): OutboundRecord {
  const { order } = payment;
  const operations: Record<WalletInstruction, WalletOperation> = {
    fund: order.funding,
    capture: 'capture',
    undo_source: 'release',
    credit: 'credit',
  };
  const onTarget = instruction === 'credit';
  return {
    contract: walletContract(onTarget ? order.targetNetwork : order.sourceNetwork),
    partition: payment.partition,
    data: {
      instruction_id: instructionIdOf(payment, PART_OF[instruction]),
      payment_id: payment.id,
      partner_id: order.partnerId,
      operation: operations[instruction],
      amount: onWire(amountOf(payment, instruction)),
      purpose: order.purpose,
      bop_code: order.bopCode,
      ...particularsOf(payment, instruction),
    },
  };
}

/** Of what the network has given back by itself nothing is undone once more. */
function amountOf(payment: Payment, instruction: WalletInstruction): Money {
  if (instruction === 'credit') return payment.order.target;
  return instruction === 'undo_source' ? leftToReturn(payment) : payment.order.totalSource;
}

/** What moves money forward names its instrument and its latest start; what follows names the hold or collection. */
function particularsOf(payment: Payment, instruction: WalletInstruction): Partial<WalletCommand> {
  const { order, standing } = payment;
  switch (instruction) {
    case 'fund':
      return { instrument_id: order.sourceInstrument, not_after: startBy(payment).toISOString() };
    case 'credit':
      return { instrument_id: order.targetInstrument, ...notAfter(standing.creditNotAfter) };
    case 'capture':
    case 'undo_source':
      return { target_instruction_id: instructionIdOf(payment, 'source') };
  }
}

function notAfter(instant: string | null): Partial<WalletCommand> {
  return instant === null ? {} : { not_after: instant };
}

/** One audit entry per payment and transaction. */
export function auditOf(payment: Payment, changes: readonly PaymentChange[], actor: string): AuditEntry {
  return {
    subjectId: payment.id,
    partnerId: payment.order.partnerId,
    bucket: payment.partition,
    actor,
    actions: changes.map((change) => ({
      action: `payment.${change.fact}`,
      detail: {
        ...movedOf(change),
        ...validityUsed(payment, change),
        ...(change.refund === undefined ? {} : auditOfRefund(payment, change.refund)),
        ...(change.dispute === undefined ? {} : auditOfDispute(change.dispute)),
        ...(change.money === undefined ? {} : { money: change.money }),
        ...(change.reason === undefined ? {} : { reason: change.reason }),
        ...(change.instructionId === undefined ? {} : { instruction_id: change.instructionId }),
      },
    })),
  };
}

/** A payment that ends for want of time proves by which validity of the hold. */
function validityUsed({ standing }: Payment, { to }: PaymentChange): Record<string, string> {
  const { holdExpiresAt } = standing;
  return to === 'EXPIRED' && holdExpiresAt !== null ? { hold_valid_until: holdExpiresAt } : {};
}

/** Whose state it is that moved: the payment's, or that of a refund, returned credit or dispute of it. */
function movedOf({ refund, returned, dispute, from, to }: PaymentChange): Record<string, string> {
  const moved = refund ?? returned ?? dispute ?? { from, to };
  return { from: moved.from, to: moved.to, ...(returned === undefined ? {} : { return: returned.id }) };
}

/** What a refund's record must prove: the rule, both amounts, the rate of then and the rate of now. */
function auditOfRefund({ order }: Payment, note: RefundNote): Record<string, string> {
  const { id, rule, bearer, source, target, mid } = note;
  return {
    refund: id,
    rule,
    ...(bearer === null ? {} : { bearer }),
    source_amount: `${source.toDigits()} ${source.currency.code}`,
    target_amount: `${target.toDigits()} ${target.currency.code}`,
    customer_rate: order.customerRate,
    ...(mid === null ? {} : { mid }),
  };
}

/** What a dispute's record must prove: the clause, how the payer was authenticated, and the evidence that was ours. */
function auditOfDispute({ id, liability, authentication, answeredBy, evidence }: DisputeNote): Record<string, string> {
  const own =
    answeredBy === 'gateway' ? Object.values(evidence ?? {}).join(' ') : Object.keys(evidence ?? {}).join(' ');
  return {
    dispute: id,
    liability: liability.bearer,
    clause: liability.clause,
    ...(authentication?.eci === undefined ? {} : { eci: authentication.eci }),
    ...(authentication === null ? {} : { cryptogram: authentication.cryptogram ? 'present' : 'absent' }),
    ...(answeredBy === null ? {} : { answered_by: answeredBy, evidence: own }),
  };
}
