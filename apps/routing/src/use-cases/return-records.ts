import type { OutboundRecord } from '@gateway/messaging';
import type { Payment } from '../domain/payment';
import { correctionIdOf, type ReturnedCredit } from '../domain/returns/returned-credit';
import { onWire, walletContract } from './payment-records';

/** The command of the second credit. Built from what is stored, so that a repeat is the same command. */
export function correctionCommandOf(
  { id, order, standing }: ReturnedCredit,
  payment: Pick<Payment, 'order'>,
): OutboundRecord {
  return {
    contract: walletContract(payment.order.targetNetwork),
    partition: order.partition,
    data: {
      instruction_id: correctionIdOf(id),
      payment_id: order.paymentId,
      partner_id: order.partnerId,
      operation: 'credit',
      amount: onWire(order.amount),
      ...(standing.instrument === null ? {} : { instrument_id: standing.instrument }),
      ...(standing.notAfter === null ? {} : { not_after: standing.notAfter }),
      purpose: payment.order.purpose,
      bop_code: payment.order.bopCode,
    },
  };
}
