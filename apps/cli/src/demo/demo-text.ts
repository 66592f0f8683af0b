import { currencyOf, formatMoney, Money } from '@gateway/money';
import type { Terminal } from '../terminal';
import { type AccountChange, compareBooks } from './books';
import type { Payment, WireAmount } from './partner-api';
import type { DemoResult, Travelled } from './run-demo';
import { nameOf, tellStep } from './story';

const ACCOUNT_WIDTH = 52;

/** The demo as a person reads it: each payment step by step, then the books. */
export function describeDemo(result: DemoResult, terminal: Terminal): string {
  const payments = result.payments.map((travelled) => describePayment(travelled, terminal));
  return [...payments, describeBooks(result, terminal)].join('\n\n');
}

function money({ amount, currency }: WireAmount): string {
  return formatMoney(Money.of(BigInt(amount), currencyOf(currency)));
}

function describePayment(
  { journey, quote, source, target, payment, elapsedMs, told }: Travelled,
  terminal: Terminal,
): string {
  const status =
    payment.status === 'completed' ? terminal.paint('green', 'completed') : terminal.paint('red', payment.status);
  const failure = payment.failure ? ` (${payment.failure.code})` : '';
  return [
    terminal.paint('bold', `${journey.title}   ${payment.id}`),
    `  payer pays   ${money(quote.total_source_amount).padStart(12)}   ${money(quote.source_amount)} and a fee of ${money(quote.fee)}, with ${source.label ?? nameOf(journey.sourceNetwork)}`,
    `  payee gets   ${money(quote.target_amount).padStart(12)}   on ${target.label ?? nameOf(journey.targetNetwork)}`,
    `  rate         ${quote.customer_rate} CNY per USD: mid ${quote.mid}, our mark-up ${describeBasisPoints(quote.markup_bps)}`,
    '',
    ...describeSteps(payment, journey),
    `  ${status}${failure} after ${elapsedMs} ms; webhooks received and verified: ${told.join(', ') || 'none'}`,
  ].join('\n');
}

/** 100 basis points are one per cent; written without leaving integers. */
function describeBasisPoints(basisPoints: number): string {
  const hundredths = String(basisPoints % 100).padStart(2, '0');
  return `${Math.floor(basisPoints / 100)}.${hundredths} %`;
}

function describeSteps(payment: Payment, journey: Travelled['journey']): string[] {
  const began = Date.parse(payment.created);
  return (payment.history ?? []).map(({ state, at }) => {
    const { who, what, money: whereabouts } = tellStep(state, journey);
    const sinceStart = `+${Math.max(0, Date.parse(at) - began)} ms`;
    return `  ${sinceStart.padStart(9)}  ${state.padEnd(12)} ${who.padEnd(14)} ${what.padEnd(52)} ${whereabouts}`;
  });
}

function describeBooks(result: DemoResult, terminal: Terminal): string {
  const changed = compareBooks(result.before, result.after).filter(({ change }) => change !== '0');
  const totals = result.after.currencies.map(({ currency, debits, credits, difference }) => {
    const equal =
      difference === '0' ? terminal.paint('green', 'equal') : terminal.paint('red', `differ by ${difference}`);
    return `  ${currency}  debits ${money({ amount: debits, currency })}, credits ${money({ amount: credits, currency })}: ${equal}`;
  });
  return [terminal.paint('bold', 'The books'), describeHeading(), ...changed.map(describeAccount), '', ...totals].join(
    '\n',
  );
}

function describeHeading(): string {
  return `  ${'account'.padEnd(ACCOUNT_WIDTH)}${'before'.padStart(18)}${'change'.padStart(18)}${'after'.padStart(18)}`;
}

function describeAccount(account: AccountChange): string {
  const name = `${account.account} ${account.name ?? ''} ${account.counterparty ?? ''}`.replaceAll(/ +/g, ' ');
  const column = (amount: string): string => money({ amount, currency: account.currency }).padStart(18);
  return `  ${name.padEnd(ACCOUNT_WIDTH)}${column(account.before)}${column(account.change)}${column(account.balance)}`;
}
