import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  InstrumentIntake,
  IntakeRefused,
  invalidInstrument,
  onlyFields,
  type IntakeRequest,
  type IntakeResult,
} from '@gateway/wallet-network';
import { ORDER_LIFE_MS, QRPAY_DESCRIPTION } from './qrpay.description';

/** What the payer's app shows: 18 digits that start with 51. */
const PAYER_CODE = /^51[0-9]{16}$/;
const LIMITS = QRPAY_DESCRIPTION.limits['USD'] ?? { minimumMinor: '1', maximumMinor: '1' };

/** QRPay instruments: the code that a payer shows, or a payer who scans ours. Nobody is paid on QRPay. */
@Injectable()
export class QrpayIntake extends InstrumentIntake {
  async take({ use, data }: IntakeRequest): Promise<IntakeResult> {
    if (use === 'be_paid') {
      const detail = 'QRPay pays retailers only: nobody can be paid on it. Use another network for the payee.';
      throw new IntakeRefused('NO_COMMON_CAPABILITY', 'use', detail);
    }
    onlyFields(data, ['payer_code', 'payer']);
    const { payer_code: code, payer } = data;
    if ((code === undefined) === (payer === undefined)) {
      throw invalidInstrument('payer_code', 'Give either payer_code or payer, not both and not neither.');
    }
    return code === undefined ? scanningPayer(payer) : shownCode(code);
  }
}

function shownCode(code: unknown): IntakeResult {
  if (typeof code !== 'string' || !PAYER_CODE.test(code)) {
    throw invalidInstrument('payer_code', "A payer's code has 18 digits and starts with 51.");
  }
  return {
    capabilities: { ...CAPABILITIES, single_use: true },
    label: 'QRPay code shown by the payer',
    secret: { mode: 'shown', payer_code: code },
    uniqueKey: createHash('sha256').update(code).digest('hex'),
  };
}

function scanningPayer(payer: unknown): IntakeResult {
  if (typeof payer !== 'object' || payer === null || (payer as { mode?: unknown }).mode !== 'scan') {
    throw invalidInstrument(
      'payer.mode',
      'The only mode is scan: the payer scans the code of the order in the QRPay app.',
    );
  }
  onlyFields(payer, ['mode'], 'payer.');
  return {
    capabilities: { ...CAPABILITIES, single_use: false },
    label: 'QRPay, scanned by the payer',
    secret: { mode: 'scan' },
  };
}

const CAPABILITIES = {
  use: 'pay',
  network: QRPAY_DESCRIPTION.id,
  currency: 'USD',
  funding: QRPAY_DESCRIPTION.funding,
  scheme: 'qrpay',
  minimum_minor: LIMITS.minimumMinor,
  maximum_minor: LIMITS.maximumMinor,
  hold_margin_ms: 0,
  // Also where the code is shown: the app may ask the payer to confirm.
  pending_ms: ORDER_LIFE_MS,
} as const;
