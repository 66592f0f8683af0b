import { Injectable } from '@nestjs/common';
import { DEFAULT_PARTITIONS } from '@gateway/contracts/contract';
import { OutboxTransactions, type AuditEntry } from '@gateway/messaging';
import { IdSource, partitionOf, Problem } from '@gateway/platform';
import {
  InstrumentIntake,
  IntakeRefused,
  type IntakeRequest,
  type IntakeResult,
  type KeyedIntakeRequest,
  type TakenInstrument,
} from '../instrument-intake';
import { InstrumentRepository } from '../outbound/instrument.repository';

const TITLES: Record<IntakeRefused['status'], string> = {
  400: 'Bad request',
  402: 'Refused',
  409: 'Conflict',
  422: 'Not valid',
  503: 'Temporarily unavailable',
};

/**
 * Takes an instrument in: the network verifies and exchanges it, we keep it sealed under an id of ours. A request whose
 * answer was lost comes again under the same key and is answered with the instrument that it made: its one-time value
 * is not held against it.
 */
@Injectable()
export class TakeInstrument {
  constructor(
    private readonly intake: InstrumentIntake,
    private readonly instruments: InstrumentRepository,
    private readonly ids: IdSource,
    private readonly transactions: OutboxTransactions,
  ) {}

  async take(request: KeyedIntakeRequest): Promise<TakenInstrument> {
    return (await this.instruments.findRequested(request.request_key)) ?? (await this.takeNew(request));
  }

  private async takeNew(request: KeyedIntakeRequest): Promise<TakenInstrument> {
    const { capabilities, label, secret, uniqueKey, expires_at } = await this.verified(request);
    const instrumentId = this.ids.next('ins');
    const added = await this.instruments.add({
      instrumentId,
      partnerId: request.partner_id,
      requestKey: request.request_key,
      capabilities,
      label,
      secret,
      uniqueKey: uniqueKey ?? null,
      expiresAt: expires_at ?? null,
    });
    if (!added) return await this.takenByTwin(request, uniqueKey ?? null);
    return { instrument_id: instrumentId, capabilities, label, ...(expires_at !== undefined && { expires_at }) };
  }

  /** Another attempt of the same request was faster; else the one-time value belongs to another instrument. */
  private async takenByTwin(request: KeyedIntakeRequest, uniqueKey: string | null): Promise<TakenInstrument> {
    const twin = await this.instruments.findRequested(request.request_key);
    if (twin !== null) return twin;
    const owner = uniqueKey === null ? null : await this.instruments.ownerOf(uniqueKey);
    if (owner !== null) {
      const audit = [replayed(owner, request.partner_id, uniqueKey)];
      await this.transactions.run(async () => ({ result: null, emit: { records: [], audit } }));
    }
    throw problemOf(DUPLICATE);
  }

  private async verified(request: IntakeRequest): Promise<IntakeResult> {
    try {
      return await this.intake.take(request);
    } catch (error) {
      throw error instanceof IntakeRefused ? problemOf(error) : error;
    }
  }
}

/** Kept with the instrument that the one-time value belongs to: who came with it again, and its identifier. */
function replayed(instrumentId: string, partnerId: string, uniqueKey: string | null): AuditEntry {
  return {
    subjectId: instrumentId,
    partnerId,
    bucket: partitionOf(instrumentId, DEFAULT_PARTITIONS),
    actor: `partner:${partnerId}`,
    actions: [{ action: 'instrument.replay_refused', detail: { by: partnerId, transaction_identifier: uniqueKey } }],
  };
}

const DUPLICATE = new IntakeRefused('DUPLICATE_TOKEN', 'token', 'This one-time value has been used before.', 409);

function problemOf({ code, param, detail, status }: IntakeRefused): Problem {
  const retryable = status === 503;
  return new Problem({ status, code, title: TITLES[status], detail, param, retryable });
}
