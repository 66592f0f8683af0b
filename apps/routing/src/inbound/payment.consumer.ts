import { Controller } from '@nestjs/common';
import { screeningEvents } from '@gateway/contracts/compliance.screening.events.v1';
import { reservationEvents } from '@gateway/contracts/fx.reservation.events.v1';
import { walletEvents, type WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import { Consumes, isOf, type Emitted, type InboundRecord } from '@gateway/messaging';
import type { Tx } from '@gateway/persistence';
import { AdvancePayments, type FactOfPayment } from '../use-cases/advance-payments';
import {
  conflictOfWallet,
  factOfReservation,
  factOfScreening,
  factOfWallet,
  partTakenBack,
} from '../use-cases/facts-from-outcomes';
import { disputeFactsOfWallet } from '../use-cases/dispute-facts';
import { isOfCorrection, returnFactsOfWallet } from '../use-cases/return-facts';
import {
  refundConflictOfWallet,
  refundFactOfReservation,
  refundFactOfWallet,
  type FactOfRefund,
} from '../use-cases/refund-facts';

/** Every outcome that a payment, its refunds, returned credits and disputes wait for, of all its owners together: facts of one batch are folded in one go. */
@Controller()
export class PaymentConsumer {
  constructor(private readonly advance: AdvancePayments) {}

  @Consumes(screeningEvents, reservationEvents, walletEvents)
  async onOutcomes(records: InboundRecord[], tx: Tx): Promise<Emitted> {
    return this.advance.run(tx, {
      payments: records.flatMap(factOf),
      refunds: records.flatMap(refundFactOf),
      returns: records.flatMap((record) => walletFactsOf(record, returnFactsOfWallet)),
      disputes: records.flatMap((record) => walletFactsOf(record, disputeFactsOfWallet)),
    });
  }
}

function factOf(record: InboundRecord): FactOfPayment[] {
  if (isOf(record, screeningEvents)) {
    return [{ paymentId: record.data.payment_id, fact: factOfScreening(record.data) }];
  }
  if (isOf(record, reservationEvents)) {
    if (refundFactOfReservation(record.data) !== null) return [];
    return [{ paymentId: record.data.payment_id, fact: factOfReservation(record.data) }];
  }
  const outcome = record.data as WalletOutcome;
  const fact = isOfCorrection(outcome) ? null : factOfWallet(outcome);
  if (fact === null) return [];
  const besides = [partTakenBack(outcome), conflictOfWallet(outcome)].filter((one) => one !== null);
  return [{ paymentId: outcome.payment_id, fact, besides }];
}

function walletFactsOf<F>(record: InboundRecord, factsOf: (outcome: WalletOutcome) => F[]): F[] {
  const isWallets = !isOf(record, screeningEvents) && !isOf(record, reservationEvents);
  return isWallets ? factsOf(record.data as WalletOutcome) : [];
}

function refundFactOf(record: InboundRecord): FactOfRefund[] {
  if (isOf(record, screeningEvents)) return [];
  if (isOf(record, reservationEvents)) return [refundFactOfReservation(record.data)].filter((fact) => fact !== null);
  const outcome = record.data as WalletOutcome;
  return [refundFactOfWallet(outcome), refundConflictOfWallet(outcome)].filter((fact) => fact !== null);
}
