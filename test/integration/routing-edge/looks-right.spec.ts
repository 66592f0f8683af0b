import { refundsAt } from './refunds-at';
import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(120_000);

const QUOTE = {
  source_network: 'applepay',
  target_network: 'alipay',
  fixed_side: 'source',
  amount: { amount: '10000', currency: 'USD' },
  purpose: 'goods',
};

/** What a first look lets through: it has the form of something, and is nothing. */
describe('bad input that looks right', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const { completed, operator } = refundsAt(() => edge);
  const refusal = ({ status, body }: Reply): unknown[] => [status, body.code, body.param];

  it.each(['amount', 'reason', 'reference', 'bearer'])(
    'case 17: null as %s of a refund is refused by name',
    async (field) => {
      const payment = await completed();
      const reply = await edge.post(`/v1/payments/${payment}/refunds`, { [field]: null });
      expect(refusal(reply)).toEqual([422, 'FIELD_INVALID', field]);
    },
  );

  it('case 17: null where a field can be left out is refused by name, wherever that is', async () => {
    const payment = await completed();
    const at = (path: string, body: object): Promise<Reply> => edge.post(path, body);
    const ops = (path: string, body: object): Promise<Reply> =>
      operator('settlement-1', 'POST', `/ops/v1/${path}`, body);
    const reason = 'the partner has asked for it in writing';
    const party = { role: 'payer', type: 'individual', name: 'Ada Example', country: 'US' };
    const answers: [Promise<Reply>, string][] = [
      [at('/v1/disputes/dsp_1/evidence', { proof_of_delivery: 'EX-1', additional: null }), 'additional'],
      [at('/v1/quotes', { ...QUOTE, valid_for_s: null }), 'valid_for_s'],
      [at('/v1/parties', { ...party, address: null }), 'address'],
      [ops(`payments/${payment}/late_refunds`, { amount: null, reason }), 'amount'],
      [ops('owed_refunds/rfd_1/decisions', { way: 'bank_transfer', instrument: null, reason }), 'instrument'],
    ];
    for (const [answer, field] of answers) expect(refusal(await answer)).toEqual([422, 'FIELD_INVALID', field]);
  });

  it.each([
    ['a week', '2026-W05'],
    ['a day of a week', '2026-W05-3'],
    ['a day of the year', '2026-035'],
    ['a year before the first', '-0001-01-01'],
    ['a zone without minutes', '2026-11-25T10:00:00%2B08'],
    ['no zone', '2026-11-25T10:00:00'],
  ])('case 33: %s is no instant and is refused by name', async (_what, text) => {
    for (const field of ['created[gte]', 'created[lte]']) {
      const reply = await edge.send('GET', `/v1/payments?${field}=${text}`);
      expect(refusal(reply)).toEqual([422, 'FIELD_INVALID', field]);
    }
  });

  it.each(['2026-11-25', '2026-11-25T10:00Z', '2026-11-25T10:00:00.123Z', '2026-11-25T10:00:00%2B08:00'])(
    '%s is an instant',
    async (text) => {
      expect((await edge.send('GET', `/v1/payments?created[gte]=${text}`)).status).toBe(200);
    },
  );

  it.each([
    ['21 a field twice', '{"purpose":"goods","purpose":"services"}', {}, 400, 'DUPLICATE_FIELD'],
    ['31 no JSON', 'a=b', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])(
    'case %s is refused on a route whose path is written in other letters',
    async (_case, text, headers, status, code) => {
      const reply = await edge.send('POST', '/%76%31/quotes', text, { 'idempotency-key': code, ...headers });
      expect([reply.status, reply.body.code]).toEqual([status, code]);
    },
  );
});
