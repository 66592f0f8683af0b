import { Injectable } from '@nestjs/common';
import { IdSource, Problem } from '@gateway/platform';
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
    if (!added) return await this.takenByTwin(request);
    return { instrument_id: instrumentId, capabilities, label, ...(expires_at !== undefined && { expires_at }) };
  }

  /** Another attempt of the same request was faster; else the one-time value belongs to another instrument. */
  private async takenByTwin({ request_key }: KeyedIntakeRequest): Promise<TakenInstrument> {
    const twin = await this.instruments.findRequested(request_key);
    if (twin === null) throw problemOf(DUPLICATE);
    return twin;
  }

  private async verified(request: IntakeRequest): Promise<IntakeResult> {
    try {
      return await this.intake.take(request);
    } catch (error) {
      throw error instanceof IntakeRefused ? problemOf(error) : error;
    }
  }
}

const DUPLICATE = new IntakeRefused('DUPLICATE_TOKEN', 'token', 'This one-time value has been used before.', 409);

function problemOf({ code, param, detail, status }: IntakeRefused): Problem {
  const retryable = status === 503;
  return new Problem({ status, code, title: TITLES[status], detail, param, retryable });
}
