import { Injectable } from '@nestjs/common';
import { IdSource, Problem } from '@gateway/platform';
import {
  InstrumentIntake,
  IntakeRefused,
  type InstrumentCapabilities,
  type IntakeRequest,
  type IntakeResult,
} from '../instrument-intake';
import { InstrumentRepository } from '../outbound/instrument.repository';

/** What the edge gets for an instrument. The raw value stays here. */
export interface TakenInstrument {
  instrument_id: string;
  capabilities: InstrumentCapabilities;
  label: string;
  expires_at?: string;
}

const TITLES: Record<IntakeRefused['status'], string> = {
  400: 'Bad request',
  402: 'Refused',
  409: 'Conflict',
  422: 'Not valid',
  503: 'Temporarily unavailable',
};

/** Takes an instrument in: the network verifies and exchanges it, we keep it sealed under an id of ours. */
@Injectable()
export class TakeInstrument {
  constructor(
    private readonly intake: InstrumentIntake,
    private readonly instruments: InstrumentRepository,
    private readonly ids: IdSource,
  ) {}

  async take(request: IntakeRequest): Promise<TakenInstrument> {
    const { capabilities, label, secret, uniqueKey, expires_at } = await this.verified(request);
    const instrumentId = this.ids.next('ins');
    const added = await this.instruments.add({
      instrumentId,
      partnerId: request.partner_id,
      capabilities,
      label,
      secret,
      uniqueKey: uniqueKey ?? null,
      expiresAt: expires_at ?? null,
    });
    if (!added) throw problemOf(DUPLICATE);
    return { instrument_id: instrumentId, capabilities, label, ...(expires_at !== undefined && { expires_at }) };
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
