import { EVENT_CLAIMS, readEvent } from './webhook-events';

const NAMES = { reference: 'pay_1-hold', payment_reference: 'pay_1-hold' };
const event = (type: unknown, data: unknown = NAMES): Buffer =>
  Buffer.from(JSON.stringify({ id: 'evt_1', type, data }));

describe('an event of the acquirer', () => {
  it.each(Object.entries(EVENT_CLAIMS))('%s claims %s of what it names', (type, claim) => {
    const isDispute = type.startsWith('dispute_');
    expect(readEvent(event(type, { ...NAMES, action_reference: 'pay_1-action' }))).toEqual({
      id: 'evt_1',
      type,
      instructionId: isDispute ? 'pay_1-hold' : 'pay_1-action',
      isOfDispute: isDispute,
      ...(claim && { says: { claim, fields: { type } } }),
    });
  });

  it('of a type that nobody knows names its payment and claims nothing', () => {
    for (const type of ['payment_teleported', 'constructor', 7, null, undefined]) {
      expect(readEvent(event(type))).toMatchObject({ id: 'evt_1', instructionId: 'pay_1-hold' });
      expect(readEvent(event(type))).not.toHaveProperty('says');
    }
  });

  it.each(['payment_voided', 'payment_refunded'])(
    '%s by nobody’s order claims that the payment was taken back',
    (type) => {
      expect(readEvent(event(type))).toMatchObject({ instructionId: 'pay_1-hold', says: { claim: 'taken_back' } });
    },
  );

  it('of an action names the action', () => {
    const data = { reference: 'pay_1-hold', action_reference: 'pay_1-capture' };
    expect(readEvent(event('payment_captured', data))?.instructionId).toBe('pay_1-capture');
  });

  it('keeps what a person needs of a conflict, and nobody’s data', () => {
    const data = {
      id: 'pay_x',
      amount: 10200,
      currency: 'USD',
      approved: false,
      response_code: '20005',
      reference: 'pay_1-hold',
      source: { number: '4111', name: 'Ada Example' },
      customer: 'Ada Example',
    };
    expect(readEvent(event('payment_declined', data))?.says?.fields).toEqual({
      type: 'payment_declined',
      id: 'pay_x',
      amount: '10200',
      currency: 'USD',
      approved: 'false',
      response_code: '20005',
    });
  });

  it.each(['', 'no json', '[]', 'null', '7', '"text"'])('that is no object (%j) names nothing', (body) => {
    expect(readEvent(Buffer.from(body))).toBeNull();
  });

  it.each([[[]], ['text'], [null], [{ reference: 7 }], [{ reference: 'x'.repeat(129) }]])(
    'with odd data %j names nothing',
    (data) => expect(readEvent(event('payment_approved', data))?.instructionId).toBeNull(),
  );
});
