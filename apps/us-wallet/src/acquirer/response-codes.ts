import type { Reason } from '@gateway/contracts/wallet.network.events.v1';

/** What a response code of a declined payment means to us. */
export interface ResponseMeaning {
  /** Soft: another try, another day or another amount may pass. Hard: never with this card. */
  readonly class: 'soft' | 'hard';
  /** Where the card pays. */
  readonly payer: Reason;
  /** Where the card is paid. */
  readonly payee: Reason;
}

function soft(payer: Reason, payee: Reason = 'PAYEE_NOT_ELIGIBLE'): ResponseMeaning {
  return { class: 'soft', payer, payee };
}

function hard(payer: Reason, payee: Reason = 'PAYEE_ACCOUNT_INVALID'): ResponseMeaning {
  return { class: 'hard', payer, payee };
}

/**
 * The acquirer's response codes (checkout.com, "Response codes"): theirs to ours, each with its class. Codes whose
 * outcome is not certain, such as a request still in progress or a duplicate of one, are left out on purpose.
 */
const MEANINGS: Readonly<Record<string, ResponseMeaning>> = {
  '20001': soft('DECLINED_BY_ISSUER'),
  '20002': soft('DECLINED_BY_ISSUER'),
  '20003': soft('OTHER', 'OTHER'),
  '20005': soft('DECLINED_BY_ISSUER'),
  '20006': soft('OTHER', 'OTHER'),
  '20012': soft('OTHER', 'OTHER'),
  '20013': soft('LIMIT_EXCEEDED', 'PAYEE_LIMIT_EXCEEDED'),
  '20014': hard('INSTRUMENT_INVALID'),
  '20017': soft('PAYER_CANCELLED'),
  '20018': soft('DECLINED_BY_ISSUER'),
  '20019': soft('DECLINED_BY_ISSUER'),
  '20022': soft('DECLINED_BY_ISSUER'),
  '20030': soft('OTHER', 'OTHER'),
  '20031': soft('DECLINED_BY_ISSUER'),
  '20038': soft('DECLINED_BY_ISSUER'),
  '20039': hard('INSTRUMENT_INVALID'),
  '20042': hard('INSTRUMENT_INVALID'),
  '20044': hard('INSTRUMENT_INVALID'),
  '20046': hard('INSTRUMENT_INVALID', 'PAYEE_ACCOUNT_CLOSED'),
  '20051': soft('INSUFFICIENT_FUNDS'),
  '20052': hard('INSTRUMENT_INVALID'),
  '20053': hard('INSTRUMENT_INVALID'),
  '20054': hard('INSTRUMENT_EXPIRED'),
  '20055': soft('DECLINED_BY_ISSUER'),
  '20056': hard('INSTRUMENT_INVALID'),
  '20057': soft('DECLINED_BY_ISSUER', 'PAYEE_NOT_ELIGIBLE'),
  '20058': soft('OTHER', 'OTHER'),
  '20059': soft('SUSPECTED_FRAUD', 'SUSPECTED_FRAUD'),
  '20060': soft('DECLINED_BY_ISSUER'),
  '20061': soft('LIMIT_EXCEEDED', 'PAYEE_LIMIT_EXCEEDED'),
  '20062': soft('DECLINED_BY_ISSUER'),
  '20063': soft('SUSPECTED_FRAUD', 'SUSPECTED_FRAUD'),
  '20064': soft('DECLINED_BY_ISSUER'),
  '20065': soft('LIMIT_EXCEEDED', 'PAYEE_LIMIT_EXCEEDED'),
  '20066': soft('DECLINED_BY_ISSUER'),
  '20067': hard('INSTRUMENT_INVALID'),
  '20075': soft('DECLINED_BY_ISSUER'),
  '20087': soft('INSTRUMENT_INVALID'),
  '20091': soft('DECLINED_BY_ISSUER'),
  '20092': soft('DECLINED_BY_ISSUER'),
  '20093': hard('DECLINED_BY_ISSUER'),
  '20096': soft('DECLINED_BY_ISSUER'),
  '20100': hard('INSTRUMENT_EXPIRED'),
  '20151': soft('DECLINED_BY_ISSUER'),
  '20154': soft('DECLINED_BY_ISSUER'),
  '20179': hard('INSTRUMENT_INVALID'),
  '30004': hard('INSTRUMENT_INVALID'),
  '30007': hard('SUSPECTED_FRAUD'),
  '30015': hard('INSTRUMENT_INVALID'),
  '30033': hard('INSTRUMENT_EXPIRED'),
  '30034': hard('SUSPECTED_FRAUD', 'SUSPECTED_FRAUD'),
  '30036': hard('INSTRUMENT_INVALID'),
  '30041': hard('INSTRUMENT_INVALID'),
  '30043': hard('INSTRUMENT_INVALID'),
  '30044': hard('INSTRUMENT_INVALID'),
  '30045': hard('INSTRUMENT_INVALID'),
  '40101': soft('SUSPECTED_FRAUD', 'SUSPECTED_FRAUD'),
};

/** What a code means, or null: then nothing is certain, not even a status that says declined. */
export function meaningOf(responseCode: string | null): ResponseMeaning | null {
  return responseCode !== null && Object.hasOwn(MEANINGS, responseCode) ? (MEANINGS[responseCode] ?? null) : null;
}
