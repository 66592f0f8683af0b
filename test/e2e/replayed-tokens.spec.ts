import { completed, SOURCE_OF } from './support/endings';
import { Gateway } from './support/gateway';
import { untilAudited } from './support/oversight';
import type { Problem } from './support/partner-client';
import { prepare, type Direction } from './support/payments';
import { Story } from './support/story';

jest.setTimeout(240_000);

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

  it.each<[Direction, 'pay' | 'be_paid']>([
    ['us-to-china', 'pay'],
    ['china-to-us', 'be_paid'],
  ])('F52 after its payment (%s): the payment stays as it is, paid and booked once', async (direction, use) => {
    const story = await Story.begin(gateway);
    const token = await gateway.simulator.appleToken();
    const { request } = await prepare(gateway, story.partner, direction);
    const mine = await story.partner.create('/v1/instruments', { network: 'applepay', use, token });
    const side = use === 'pay' ? 'source_instrument' : 'target_instrument';
    const { id } = await story.partner.create<{ id: string }>('/v1/payments', { ...request, [side]: mine.id });
    await story.ends(id, completed(SOURCE_OF[direction]));
    for (const again of ['pay', 'be_paid']) {
      const body = { network: 'applepay', use: again, token };
      const answer = await story.partner.post<Problem>('/v1/instruments', body);
      expect([answer.status, answer.body.code]).toEqual([409, 'DUPLICATE_TOKEN']);
    }
    const refused = await untilAudited(gateway, String(mine.id), 'instrument.replay_refused');
    expect(refused.by).toBe(story.partner.partnerId);
    await story.stands(id, completed(SOURCE_OF[direction]));
  });
});
