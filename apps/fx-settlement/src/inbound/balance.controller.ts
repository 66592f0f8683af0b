import { Money } from '@gateway/money';
import { InternalTokenGuard, Problem } from '@gateway/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { TopUpBalances } from '../use-cases/top-up-balances';
import { TopUpStore } from '../use-cases/top-up-store';
import type { TopUp } from '../use-cases/top-up-store';
import { ApproveTopUpBody, BalancesQuery, RequestTopUpBody } from './balance.request';

/** Partners' balances, forwarded by routing for operators that it has authenticated. */
@Controller('internal/v1')
@UseGuards(InternalTokenGuard)
export class BalanceController {
  constructor(
    private readonly balances: TopUpBalances,
    private readonly topUps: TopUpStore,
  ) {}

  @Post('top-ups')
  async request(@Body() body: RequestTopUpBody): Promise<object> {
    const topUp = await this.balances.request({
      partnerId: body.partner_id,
      amount: Money.of(BigInt(body.amount.amount), body.amount.currency),
      bankReference: body.bank_reference,
      requestedBy: body.requested_by,
    });
    if (topUp === null) throw refused('TOP_UP_KNOWN', 'This receipt was entered before. A bank reference counts once.');
    return presentTopUp(topUp);
  }

  @Post('top-ups/:id/approve')
  @HttpCode(200)
  async approve(@Param('id') id: string, @Body() body: ApproveTopUpBody): Promise<object> {
    const topUp = await this.balances.approve(id, body.approved_by);
    if (topUp === 'unknown') throw refused('TOP_UP_UNKNOWN', 'There is no top-up with this id.');
    if (topUp === 'same_person') throw refused('SECOND_PERSON_NEEDED', 'Who entered it cannot approve it.');
    return presentTopUp(topUp);
  }

  @Get('partner-balances')
  async of(@Query() { partner }: BalancesQuery): Promise<object> {
    const balances = await this.topUps.balancesOf(partner);
    return {
      partner_id: partner,
      balances: balances.map(({ currency, balance, reserved }) => ({
        currency,
        balance: balance.toString(),
        reserved: reserved.toString(),
        available: (balance - reserved).toString(),
      })),
    };
  }
}

function presentTopUp({ topUpId, partnerId, amount, bankReference, requestedBy, approvedBy }: TopUp): object {
  return {
    id: topUpId,
    object: 'top_up',
    state: approvedBy === null ? 'requested' : 'approved',
    partner_id: partnerId,
    amount: { amount: amount.toDigits(), currency: amount.currency.code },
    bank_reference: bankReference,
    requested_by: requestedBy,
    approved_by: approvedBy,
  };
}

function refused(code: string, detail: string): Problem {
  return new Problem({ status: 409, code, title: 'Refused', detail });
}
