import { completed, SOURCE_OF } from '../e2e/support/endings';
import { Gateway, until } from '../e2e/support/gateway';
import { executed, stateOf, type Direction } from '../e2e/support/payments';
import { Story } from '../e2e/support/story';

jest.setTimeout(400_000);

/** More than anybody asks within a story. */
const ALWAYS = 10_000;
/** After the end of the enquiry plan the network is asked more seldom. */
const UNTIL_ASKED_AGAIN_S = 120;

/** Who gives the payee the money in each direction, and how it is asked about that. */
const CREDITS: Record<Direction, { network: string; pays: string; tells: string }> = {
  'us-to-china': { network: 'open_platform', pays: 'transfer', tells: 'query' },
  'china-to-us': { network: 'acquirer', pays: 'payout', tells: 'enquire' },
};
/** What the acquirer has not executed within a quarter of an hour it refuses: its token of the card has expired. */
const CASES = [
  { what: 'executed after 90 s', seconds: 90, direction: 'us-to-china' },
  { what: 'executed after 90 s', seconds: 90, direction: 'china-to-us' },
  { what: 'executed after 30 min', seconds: 1_800, direction: 'us-to-china' },
  { what: 'executed the next day', seconds: 86_400, direction: 'us-to-china' },
] as const;

/** The clock of the whole system moves, so nothing else runs beside this; it stays where it is in the end. */
describe('R9 a credit that is sent into silence', () => {
  const gateway = new Gateway();
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin(gateway);
  });
  afterEach(() => forgetFaults());

  const forgetFaults = (): Promise<unknown> =>
    gateway.simulator.call('DELETE', `${gateway.simulator.controlUrl}/faults`);
  const advance = async (seconds: number): Promise<void> => {
    const { status } = await story.partner.post('/v1/test_helpers/clocks/advance', { seconds });
    expect(status).toBe(200);
  };

  it.each(CASES)(
    '$what, $direction: unknown until the network itself can tell, then completed: paid once, told once',
    async ({ seconds, direction }) => {
      const { network, pays, tells } = CREDITS[direction];
      const late = { behaviour: 'execute_later', params: { ms: seconds * 1_000 } };
      await gateway.simulator.fault({ network, operation: pays, match: 'next', ...late });
      const unknown = { behaviour: 'answer_unknown', params: { executed: false }, times: ALWAYS };
      await gateway.simulator.fault({ network, operation: tells, ...unknown });
      const { id } = await story.pay(direction);
      await until(`${id} is unknown`, async () => stateOf(await story.partner.payment(id)) === 'CREDIT_UNKNOWN');
      expect(await executed(gateway, id)).not.toHaveProperty(pays);
      await story.told(id, ['processing']);

      await advance(seconds);
      await until(`the ${pays} is executed`, async () => (await executed(gateway, id))[pays] === 1);
      expect(await story.partner.payment(id)).toMatchObject({ status: 'processing', outcome: 'unknown' });
      await forgetFaults();
      await advance(UNTIL_ASKED_AGAIN_S);
      await story.ends(id, completed(SOURCE_OF[direction], { audited: ['credit_unknown', 'credit_processed'] }));
    },
  );
});
