import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PLAIN_TEXT_PATTERN } from '@gateway/platform';
import {
  InstrumentIntake,
  invalidInstrument,
  isRecord,
  onlyFields,
  type InstrumentCapabilities,
  type IntakeRequest,
  type IntakeResult,
} from '@gateway/wallet-network';
import { ALIPAY_DESCRIPTION } from './alipay.description';

const LIMITS = ALIPAY_DESCRIPTION.limits['CNY'] ?? { minimumMinor: '1', maximumMinor: '1' };
/** Codes of Alipay's app: 16 to 24 digits that start with 25 to 30 (open platform, `auth_code`). */
const PAYMENT_CODE = /^(2[5-9]|30)[0-9]{14,22}$/;
const PAYMENT_CODE_LIFE_MS = 60_000;
const ORDER_LIFE_MS = 14 * 60_000;
/** How a payer without a code is led to the order, and what the partner reads of it. */
const ORDER_MODES: ReadonlyMap<unknown, string> = new Map([
  ['in_app', 'Alipay, confirmed in the app'],
  ['order_code', 'Alipay, by a code that the payer scans'],
]);
const IDENTITY_TYPES = ['ALIPAY_LOGON_ID', 'ALIPAY_USER_ID'];
const USER_ID = /^2088[0-9]{12}$/;
const LOGON_ID = /^(?:[^\s@]{1,64}@[^\s@]{1,190}|\+?[0-9-]{6,20})$/;

/** Alipay instruments: the payer's code or an order to confirm in the app, and the payee's account. */
@Injectable()
export class AlipayIntake extends InstrumentIntake {
  async take(request: IntakeRequest): Promise<IntakeResult> {
    return request.use === 'pay' ? takePayer(request.data) : takePayee(request.data);
  }
}

function takePayer(data: Record<string, unknown>): IntakeResult {
  onlyFields(data, ['payment_code', 'payer']);
  const { payment_code: code, payer } = data;
  if ((code === undefined) === (payer === undefined)) {
    throw invalidInstrument('payment_code', 'Give either payment_code or payer, not both and not neither.');
  }
  if (code !== undefined) return paymentCode(code);
  const label = isRecord(payer) ? ORDER_MODES.get(payer.mode) : undefined;
  if (!isRecord(payer) || label === undefined) {
    throw invalidInstrument(
      'payer.mode',
      'The modes are in_app (the payer confirms the order in the Alipay app) and order_code (the payer scans its code).',
    );
  }
  onlyFields(payer, ['mode'], 'payer.');
  return {
    capabilities: { ...payable(ORDER_LIFE_MS), single_use: false },
    label,
    secret: { mode: String(payer.mode) },
  };
}

function paymentCode(code: unknown): IntakeResult {
  if (typeof code !== 'string' || !PAYMENT_CODE.test(code)) {
    throw invalidInstrument('payment_code', 'A payment code has 16 to 24 digits and starts with 25 to 30.');
  }
  return {
    capabilities: { ...payable(PAYMENT_CODE_LIFE_MS), single_use: true },
    label: 'Alipay payment code',
    secret: { mode: 'payment_code', payment_code: code },
    uniqueKey: createHash('sha256').update(code).digest('hex'),
  };
}

function takePayee(data: Record<string, unknown>): IntakeResult {
  onlyFields(data, ['account']);
  const { account } = data;
  if (!isRecord(account)) throw invalidInstrument('account', 'Give account with identity, identity_type and name.');
  onlyFields(account, ['identity', 'identity_type', 'name'], 'account.');
  const identityType = account.identity_type;
  if (typeof identityType !== 'string' || !IDENTITY_TYPES.includes(identityType)) {
    throw invalidInstrument('account.identity_type', `identity_type is one of ${IDENTITY_TYPES.join(', ')}.`);
  }
  const pattern = identityType === 'ALIPAY_USER_ID' ? USER_ID : LOGON_ID;
  if (!isPlainText(account.identity) || !pattern.test(account.identity)) {
    throw invalidInstrument('account.identity', `The identity is not a valid ${identityType}.`);
  }
  if (!isPlainText(account.name) || account.name.trim() === '' || account.name.length > 128) {
    throw invalidInstrument(
      'account.name',
      "Give the account holder's name, 1 to 128 plain characters: Alipay checks it.",
    );
  }
  return {
    capabilities: {
      ...base('be_paid', 0),
      credit: { goods: true, services: true, person_to_person: true },
      single_use: false,
    },
    label: `Alipay ${masked(account.identity)}`,
    secret: { identity: account.identity, identity_type: identityType, name: account.name },
  };
}

function base(use: 'pay' | 'be_paid', pendingMs: number): Omit<InstrumentCapabilities, 'single_use'> {
  return {
    use,
    network: 'alipay',
    currency: 'CNY',
    scheme: 'alipay',
    minimum_minor: LIMITS.minimumMinor,
    maximum_minor: LIMITS.maximumMinor,
    hold_margin_ms: 0,
    pending_ms: pendingMs,
  };
}

function payable(pendingMs: number): Omit<InstrumentCapabilities, 'single_use'> {
  return { ...base('pay', pendingMs), funding: ALIPAY_DESCRIPTION.funding };
}

/** `a***@example.com`, `2088***4567`: enough for the partner to recognise it. */
function masked(identity: string): string {
  const at = identity.indexOf('@');
  if (at > 0) return `${identity.slice(0, 1)}***${identity.slice(at)}`;
  return `${identity.slice(0, 4)}***${identity.slice(-2)}`;
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && PLAIN_TEXT_PATTERN.test(value);
}
