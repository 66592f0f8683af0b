import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { InternalTokenGuard, Problem } from '@gateway/platform';
import type { KeyedIntakeRequest, TakenInstrument } from '../instrument-intake';
import { isRecord } from '../intake-fields';
import { TakeInstrument } from '../use-cases/take-instrument';

const REQUEST_KEY = /^[A-Za-z0-9_-]{16,96}$/;
const PARTNER_ID = /^[A-Za-z0-9_-]{1,96}$/;

/** `POST /internal/v1/instruments`, for routing's edge alone: the body passes through there unlogged and unstored. */
@Controller('internal/v1/instruments')
@UseGuards(InternalTokenGuard)
export class InstrumentsController {
  constructor(private readonly instruments: TakeInstrument) {}

  @Post()
  @HttpCode(201)
  take(@Body() body: unknown): Promise<TakenInstrument> {
    return this.instruments.take(intakeRequestOf(body));
  }
}

function intakeRequestOf(body: unknown): KeyedIntakeRequest {
  const { partner_id, request_key, use, data, ...others } = isRecord(body) ? body : {};
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(other, 'is not a field here');
  if (typeof partner_id !== 'string' || !PARTNER_ID.test(partner_id)) throw wrong('partner_id', 'is not a partner id');
  if (typeof request_key !== 'string' || !REQUEST_KEY.test(request_key))
    throw wrong('request_key', 'names the request');
  if (use !== 'pay' && use !== 'be_paid') throw wrong('use', 'is one of pay, be_paid');
  if (!isRecord(data)) throw wrong('data', 'is an object with the fields of the network');
  return { partner_id, request_key, use, data };
}

function wrong(param: string, what: string): Problem {
  return new Problem({ status: 422, code: 'VALIDATION_FAILED', title: 'Not valid', detail: `${param} ${what}`, param });
}
