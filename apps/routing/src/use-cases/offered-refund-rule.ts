import { REFUND_RULES, type RefundRule } from '../domain/refund/refund-rule';

/**
 * The refund rule that a payment's offer was signed with. The offer was verified before the payment was made and is kept as
 * it was signed; offers of before the rule was on them are at the original rate.
 */
export function refundRuleOf(offer: string): RefundRule {
  const [, payload = ''] = offer.split('.');
  const { refund_rule: rule } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    refund_rule?: string;
  };
  return REFUND_RULES.find((one) => one === rule) ?? 'R1';
}
