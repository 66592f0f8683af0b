import type { AuditEntry } from '@gateway/messaging';
import { OutboxTransactions } from '@gateway/messaging';
import { Clock, IdSource, partitionOf } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import { linesOf } from '../domain/booking';
import { WALLET_ROLES } from '../domain/chart-of-accounts';
import { LedgerStore } from './ledger-store';
import type { PlacedPosting } from './ledger-store';
import { TopUpStore } from './top-up-store';
import type { TopUp, TopUpRequest } from './top-up-store';

const STRIPES = 6;
/** Whose nostro has received the money. */
const BANK = 'settlement_bank';

/** Why a top-up is not approved. */
export type ApprovalRefusal = 'unknown' | 'same_person';

/**
 * Money of partners that our bank has received: one person enters it, another one approves it, and only then it is
 * booked (Dr 1000 / Cr 2120) and can fund refunds.
 */
@Injectable()
export class TopUpBalances {
  constructor(
    private readonly topUps: TopUpStore,
    private readonly ledger: LedgerStore,
    private readonly transactions: OutboxTransactions,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** Null where this receipt was entered before. */
  request(request: TopUpRequest): Promise<TopUp | null> {
    return this.transactions.run(async (tx) => {
      const topUp = await this.topUps.insert(this.ids.next('top'), request, tx);
      const audit = topUp === null ? [] : [auditOf(topUp, 'balance.top_up_requested', request.requestedBy)];
      return { result: topUp, emit: { records: [], audit } };
    });
  }

  /** Approving again changes nothing. */
  approve(topUpId: string, approvedBy: string): Promise<TopUp | ApprovalRefusal> {
    return this.transactions.run<TopUp | ApprovalRefusal>(async (tx) => {
      const topUp = await this.topUps.lock(topUpId, tx);
      if (topUp === null) return { result: 'unknown', emit: { records: [] } };
      if (topUp.requestedBy === approvedBy) return { result: 'same_person', emit: { records: [] } };
      if (topUp.approvedBy !== null) return { result: topUp, emit: { records: [] } };
      const posted = await this.ledger.append([postingOf(topUp, this.clock.now())], tx);
      await this.topUps.approve(topUp, approvedBy, tx);
      await this.ledger.addToBalances(posted, tx);
      const audit = [auditOf(topUp, 'balance.topped_up', approvedBy)];
      return { result: { ...topUp, approvedBy }, emit: { records: [], audit } };
    });
  }
}

function postingOf({ topUpId, partnerId, amount }: TopUp, at: Date): PlacedPosting {
  const partner = { name: partnerId, roles: WALLET_ROLES };
  const lines = linesOf(['B41'], { gross: amount }, { bank: { name: BANK, roles: WALLET_ROLES }, partner });
  return {
    paymentId: topUpId,
    partnerId,
    stripe: partitionOf(partnerId, STRIPES),
    posting: { code: 'balance_topped_up', legId: '', network: '', party: BANK, lines, at, item: undefined },
  };
}

function auditOf({ topUpId, partnerId, amount, bankReference }: TopUp, action: string, actor: string): AuditEntry {
  const detail = { amount: amount.toDigits(), currency: amount.currency.code, bank_reference: bankReference };
  const bucket = partitionOf(partnerId, STRIPES);
  return { subjectId: topUpId, partnerId, bucket, actor, actions: [{ action, detail }] };
}
