import { paymentEvents } from '@gateway/contracts/payments.payment.events.v1';
import { reservationCommands } from '@gateway/contracts/fx.reservation.commands.v1';
import { decodeRecord, encodeRecord, MAX_RECORD_BYTES, RecordRefused } from './cloud-event';
import { readLines, writeLines } from './outbox-lines';

const TIME = '2026-11-25T10:00:00.000Z';
const [event] = paymentEvents.examples;
const [command] = reservationCommands.examples;

describe('records on the wire', () => {
  it('come back as they were sent, through the outbox and through Kafka', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const sent = encodeRecord({ contract: paymentEvents, data: event!, partition: 3, traceparent }, 'rec_1-0', TIME);
    const [kept] = readLines(writeLines([sent]));
    expect(kept).toEqual(sent);
    const stored = { key: Buffer.from(kept!.key), value: Buffer.from(kept!.value), traceparent: kept!.traceparent };
    expect(decodeRecord(paymentEvents, stored, 3, '17')).toEqual({
      contract: paymentEvents,
      key: event!.payment_id,
      partition: 3,
      offset: '17',
      id: 'rec_1-0',
      time: TIME,
      sequence: 1,
      incarnation: 0,
      traceparent,
      data: event,
    });
  });

  it('are CloudEvents 1.0 in structured mode', () => {
    const { value } = encodeRecord({ contract: paymentEvents, data: event!, partition: 0 }, 'rec_1-0', TIME);
    expect(JSON.parse(value)).toMatchObject({
      specversion: '1.0',
      type: 'payments.payment.events.v1',
      source: '/services/routing',
      subject: event!.payment_id,
      sequence: '1',
      incarnation: '0',
    });
  });

  it('are refused before they are written when they break their contract', () => {
    const encode = (data: object, partition = 0): unknown =>
      encodeRecord({ contract: reservationCommands, data: { ...command!, ...data }, partition }, 'rec', TIME);
    expect(() => encode({ operation: 'steal' })).toThrow(RecordRefused);
    expect(() => encode({}, 6)).toThrow('there is no partition 6');
    expect(() => encode({ payment_id: 'two\nlines' })).toThrow('the key is not an id');
    const long = { ...command!, extra: 'ü'.repeat(MAX_RECORD_BYTES / 2) };
    expect(() => encode(long)).toThrow('over 64 kB');
  });

  it('of a history need their sequence', () => {
    const { sequence: _, ...rest } = event!;
    const contract = { ...paymentEvents, problemOf: (): null => null };
    expect(() => encodeRecord({ contract, data: rest, partition: 0 }, 'rec', TIME)).toThrow('sequence');
  });

  it.each([
    ['no key', { key: null }, 'no key'],
    ['no value', { value: null }, 'no value'],
    ['another type', { replace: ['commands.v1', 'commands.v2'] }, 'type is not'],
    ['another key', { key: Buffer.from('pay_2') }, 'the key is not that of the payload'],
    ['no CloudEvent', { replace: ['"1.0"', '"0.3"'] }, 'not a CloudEvent'],
    ['an array', { value: Buffer.from('[]') }, 'not a JSON object'],
  ])('that cannot be read say why: %s', (_name, change, reason) => {
    const { key, value } = encodeRecord({ contract: reservationCommands, data: command!, partition: 0 }, 'rec', TIME);
    const [from, to] = (change as { replace?: string[] }).replace ?? ['', ''];
    const stored = { key: Buffer.from(key), value: Buffer.from(value.replace(from!, to!)), traceparent: null };
    expect(decodeRecord(reservationCommands, { ...stored, ...change }, 0, '0')).toContain(reason);
  });
});
