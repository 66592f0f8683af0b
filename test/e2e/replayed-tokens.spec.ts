import { Gateway } from './support/gateway';
import { untilAudited } from './support/oversight';
import type { Problem } from './support/partner-client';
import { executed, prepare, untilOver } from './support/payments';
import { bookings, untilBookedAs } from './support/books';
import { Story } from './support/story';

jest.setTimeout(120_000);

describe('an Apple Pay token that comes again', () => {
  const gateway = new Gateway();

  it.each(['pay', 'be_paid'])(
    'F52 is refused, whoever brings it and for whatever, here after %s: nothing moves, nobody is told, it is on record',
    async (use) => {
      const story = await Story.begin(gateway);
      const token = await gateway.simulator.appleToken();
      const first = await story.partner.create('/v1/instruments', { network: 'applepay', use, token });
      const other = await gateway.newPartner();
      for (const partner of [story.partner, other]) {
        for (const again of ['pay', 'be_paid']) {
          const body = { network: 'applepay', use: again, token };
          const answer = await partner.post<Problem>('/v1/instruments', body);
          expect([answer.status, answer.body.code, answer.body.param]).toEqual([409, 'DUPLICATE_TOKEN', 'token']);
        }
        const { transaction_identifier: identifier } = await untilAudited(
          gateway,
          String(first.id),
          'instrument.replay_refused',
          ({ by }) => by === partner.partnerId,
        );
        expect(identifier).toMatch(/^[0-9a-f]{64}$/);
      }
    },
  );

  it('F52 after its payment: the payment stays as it is, paid and booked once', async () => {
    const story = await Story.begin(gateway);
    const token = await gateway.simulator.appleToken();
    const { request } = await prepare(gateway, story.partner, 'us-to-china');
    const mine = await story.partner.create('/v1/instruments', { network: 'applepay', use: 'pay', token });
    const { id } = await story.partner.create<{ id: string }>('/v1/payments', {
      ...request,
      source_instrument: mine.id,
    });
    await untilOver(story.partner, id);
    await story.receiver.untilTold(id, 'completed');
    await untilBookedAs(gateway, id, ['hold_funded', 'credited', 'captured']);
    const [moved, booked] = [await executed(gateway, id), await bookings(gateway, id)];
    const answer = await story.partner.post<Problem>('/v1/instruments', { network: 'applepay', use: 'pay', token });
    expect([answer.status, answer.body.code]).toEqual([409, 'DUPLICATE_TOKEN']);
    expect(await executed(gateway, id)).toEqual(moved);
    expect(await bookings(gateway, id)).toEqual(booked);
    expect((await story.receiver.received(id)).map(({ event }) => event.type)).toEqual([
      'payment.processing',
      'payment.completed',
    ]);
  });
});
