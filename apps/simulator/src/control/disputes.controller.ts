import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import {
  DISPUTE_CATEGORIES,
  DISPUTE_DECISIONS,
  type CardDispute,
  type DisputeCategory,
  type DisputeDecision,
} from '../acquirer/card-dispute';
import { CardPaymentsStore } from '../outbound/card-payments.store';
import { minorUnitsAt, textAt } from '../wire/fields';
import { ControlGuard } from './control.guard';
import { oneOf, readFields, refused, wholeNumber } from './control-request';
import { Happenings } from './happenings';

const DAY_MS = 86_400_000;
/** What schemes give to answer; a PSP keeps some days of it for itself. */
const DEFAULT_DAYS = 20;
const DEFAULT_REASON_CODE = '10.4';
const REASON_CODE = /^[0-9A-Za-z.]{1,16}$/;

/** What a dispute is to be told by. */
interface DisputeView {
  id: string;
  payment_id: string;
  amount: string;
  currency: string;
  status: string;
  evidence_required_by: Date;
}

/** What cardholders, their banks and the schemes do about payments by card. */
@Controller('control')
@UseGuards(ControlGuard)
export class DisputesControlController {
  constructor(
    private readonly happenings: Happenings,
    private readonly payments: CardPaymentsStore,
  ) {}

  /** `{category, reason_code?, amount?, due_in_days?}`: a captured payment, by the acquirer's id or ours, is disputed. */
  @Post('payments/:id/dispute')
  @HttpCode(201)
  async raise(@Param('id') id: string, @Body() sent: unknown): Promise<DisputeView> {
    const body = readFields(sent, ['category', 'reason_code', 'amount', 'due_in_days']);
    const category = oneOf(textAt(body, 'category'), DISPUTE_CATEGORIES, 'category') as DisputeCategory;
    const reasonCode = textAt(body, 'reason_code') ?? DEFAULT_REASON_CODE;
    if (!REASON_CODE.test(reasonCode)) throw refused('reason_code', 'has 1 to 16 letters, digits and points');
    const amount = minorUnitsAt(body, 'amount');
    if (body['amount'] !== undefined && amount === undefined) throw refused('amount', 'is digits of minor units');
    const days = wholeNumber(body['due_in_days'] ?? DEFAULT_DAYS, 0, 365, 'due_in_days');
    const [payment] = await this.payments.findByReference(id, 1, 0);
    const dispute = await this.happenings.cardholderDisputes(payment?.id ?? id, (now) => ({
      category,
      reasonCode,
      ...(amount !== undefined && { amount }),
      evidenceRequiredBy: new Date(now.getTime() + days * DAY_MS),
    }));
    return viewOf(dispute);
  }

  /** `{decision: "won" | "lost" | "canceled"}`: the scheme decides, or the issuer withdraws. */
  @Post('disputes/:id/decide')
  @HttpCode(200)
  async decide(@Param('id') id: string, @Body() sent: unknown): Promise<DisputeView> {
    const body = readFields(sent, ['decision']);
    const decision = oneOf(textAt(body, 'decision'), DISPUTE_DECISIONS, 'decision') as DisputeDecision;
    return viewOf(await this.happenings.disputeEnds(id, decision));
  }
}

function viewOf({ id, payment_id, amount, currency, status, evidence_required_by }: CardDispute): DisputeView {
  return { id, payment_id, amount: amount.toString(), currency, status, evidence_required_by };
}
