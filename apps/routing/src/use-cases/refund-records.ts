import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import type { OutboundRecord } from '@gateway/messaging';
import { instructionIdOf } from '../domain/instruction';
import type { Payment } from '../domain/payment';
import { refundInstructionId, type Refund } from '../domain/refund/refund';
import type { RefundInstruction } from '../domain/refund/refund-fact';
import { onWire, walletContract } from './payment-records';

/** The command of a refund's instruction. Built from what is stored, so that a repeat is the same command. */
export function refundCommandOf(
  refund: Refund,
  payment: Pick<Payment, 'id' | 'order' | 'standing'>,
  instruction: RefundInstruction,
): OutboundRecord {
  const { order } = refund;
  const subject = {
    instruction_id: refundInstructionId(refund.id, instruction),
    payment_id: order.paymentId,
    partner_id: order.partnerId,
  };
  if (instruction === 'fund') {
    return {
      contract: reservationCommands,
      partition: order.partition,
      data: { ...subject, operation: 'fund_refund', amount: onWire(order.target), ...fromReturn(order) },
    };
  }
  return {
    contract: walletContract(payment.order.sourceNetwork),
    partition: order.partition,
    data: {
      ...subject,
      operation: 'refund',
      amount: onWire(order.source),
      target_instruction_id: instructionIdOf(payment, 'source'),
      purpose: payment.order.purpose,
      bop_code: payment.order.bopCode,
    },
  };
}

function fromReturn({ returnId }: Refund['order']): { return_id?: string } {
  return returnId === null ? {} : { return_id: returnId };
}
