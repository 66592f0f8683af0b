import { reservationCommands, type ReservationCommand } from '@gateway/contracts/fx.reservation.commands.v1';
import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import type { OutboundRecord } from '@gateway/messaging';
import { instructionIdOf } from '../domain/instruction';
import type { Payment } from '../domain/payment';
import { movedBy, refundInstructionId, type Refund } from '../domain/refund/refund';
import type { RefundInstruction } from '../domain/refund/refund-fact';
import { movesItsShares } from '../domain/refund/refund-rule';
import { onWire, walletContract } from './payment-records';

/** The command of a refund's instruction. Built from what is stored, so that a repeat is the same command. */
export function refundCommandOf(
  refund: Refund,
  payment: Pick<Payment, 'id' | 'order' | 'standing'>,
  instruction: RefundInstruction,
): OutboundRecord {
  const { order } = refund;
  const subject = {
    instruction_id: refundInstructionId(refund, instruction),
    payment_id: order.paymentId,
    partner_id: order.partnerId,
  };
  if (instruction === 'fund') {
    return {
      contract: reservationCommands,
      partition: order.partition,
      data: {
        ...subject,
        operation: 'fund_refund',
        amount: onWire(order.target),
        ...fromReturn(order),
        ...atDayRate(order),
      },
    };
  }
  if (instruction === 'unfund') {
    const release = { operation: 'release', target_instruction_id: refundInstructionId(refund, 'fund') } as const;
    return {
      contract: reservationCommands,
      partition: order.partition,
      data: { ...subject, ...release, ...fromReturn(order) },
    };
  }
  return {
    contract: walletContract(payment.order.sourceNetwork),
    partition: order.partition,
    data: {
      ...subject,
      amount: onWire(movedBy(refund).source),
      ...wayOf(refund, payment),
      purpose: payment.order.purpose,
      bop_code: payment.order.bopCode,
    },
  };
}

function fromReturn({ returnId }: Refund['order']): { return_id?: string } {
  return returnId === null ? {} : { return_id: returnId };
}

/** Where the rule decides at the day's rate what moves, the owner of the rates is told the rule and both shares. */
function atDayRate(order: Refund['order']): Pick<ReservationCommand, 'refund'> {
  if (order.rule === 'R1' || movesItsShares(order)) return {};
  const { rule, bearer, source } = order;
  return { refund: { rule, ...(bearer === null ? {} : { bearer }), source_amount: onWire(source) } };
}

/** Back the way it came, or as a credit to the other instrument that two people have approved. */
function wayOf(
  { standing: { elsewhere } }: Refund,
  payment: Pick<Payment, 'id' | 'order' | 'standing'>,
): Pick<WalletCommand, 'operation' | 'target_instruction_id' | 'instrument_id' | 'not_after'> {
  if (elsewhere === null) return { operation: 'refund', target_instruction_id: instructionIdOf(payment, 'source') };
  return { operation: 'credit', instrument_id: elsewhere.instrument, not_after: elsewhere.notAfter };
}
