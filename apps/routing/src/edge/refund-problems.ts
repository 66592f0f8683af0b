import type { ProblemCode } from './problem-code';

/** The codes with which a refund is refused; part of the code table. */
export const REFUND_PROBLEM_CODES = {
  PAYMENT_NOT_REFUNDABLE: {
    status: 409,
    title: 'Payment cannot be refunded',
    detail: 'Only a payment that is completed on both sides can be refunded. Ask again with a new key once it is.',
  },
  REFUND_WINDOW_CLOSED: {
    status: 409,
    title: 'Too late to refund',
    detail: "The payer's network does not refund a payment of this age any more. Pay the payer back by other means.",
  },
  REFUND_WINDOW_OPEN: {
    status: 409,
    title: 'Still refundable',
    detail: "The payer's network still takes refunds of this payment. Refund it there.",
  },
  BEARER_MISSING: {
    status: 422,
    title: 'Bearer missing',
    detail: "This payment's refund rule is R4: say with `bearer` who bears a move of the rate.",
  },
  BEARER_NOT_CHOSEN: {
    status: 422,
    title: 'Bearer not chosen per refund',
    detail: 'Only under refund rule R4 a refund says who bears a move of the rate. Remove `bearer`.',
  },
  REFUND_EXCEEDS: {
    status: 422,
    title: 'More than is left',
    detail: 'The refunds of a payment cannot exceed it on either side. See the refunds that it has.',
  },
} as const satisfies Record<string, ProblemCode>;
