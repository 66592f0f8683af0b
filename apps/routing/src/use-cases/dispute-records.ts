import type { OutboundRecord } from '@gateway/messaging';
import { answerIdOf, type Dispute } from '../domain/disputes/dispute';
import { instructionIdOf } from '../domain/instruction';
import type { Payment } from '../domain/payment';
import { onWire, walletContract } from './payment-records';

/** The command of our answer to a dispute. Built from what is stored, so that a repeat is the same command. */
export function answerCommandOf(
  dispute: Dispute,
  payment: Pick<Payment, 'id' | 'order' | 'standing'>,
): OutboundRecord[] {
  const { order, standing } = dispute;
  const instructionId = answerIdOf(dispute);
  if (instructionId === null || standing.answer === null) return [];
  return [
    {
      contract: walletContract(payment.order.sourceNetwork),
      partition: order.partition,
      data: {
        instruction_id: instructionId,
        payment_id: order.paymentId,
        partner_id: order.partnerId,
        operation: standing.answer,
        amount: onWire(order.amount),
        target_instruction_id: instructionIdOf(payment, 'source'),
        purpose: payment.order.purpose,
        bop_code: payment.order.bopCode,
        dispute: {
          network_reference: order.networkReference,
          ...(standing.evidence === null ? {} : { evidence: standing.evidence }),
        },
      },
    },
  ];
}
