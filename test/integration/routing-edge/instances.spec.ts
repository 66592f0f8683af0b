import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(180_000);

const QUOTE = {
  source_network: 'applepay',
  target_network: 'alipay',
  fixed_side: 'source',
  amount: { amount: '10000', currency: 'USD' },
  purpose: 'goods',
};
const PARTY = { role: 'payer', type: 'individual', name: 'Ada Example', country: 'US' };
const INSTRUMENT = { network: 'applepay', use: 'pay', token: {} };
const REQUESTS = [
  ['/v1/quotes', QUOTE],
  ['/v1/instruments', INSTRUMENT],
  ['/v1/parties', PARTY],
] as const;

const OFFERED = { status: 201, body: { quote_id: 'qte_1', offer: 'a.b.c', iat: 1_700_000_000, exp: 1_700_000_300 } };
const NO_RATE = { status: 503, body: { code: 'RATE_UNAVAILABLE', title: 'No rate', detail: 'None.', retryable: true } };

/** Two of each service that is asked before a payment. The tests come in this order: at the end nobody is left. */
describe('two instances of the services that the edge asks', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open({ instances: 2 });
  });
  afterAll(async () => {
    await edge?.close();
  });
  beforeEach(() => {
    for (const instance of [edge.neighbours, edge.twins]) {
      instance.asked.length = 0;
      instance.answerWith = (path) => (path.endsWith('/quotes') ? OFFERED : null);
    }
  });

  /** They are asked in turn, so that one of two requests begins at each. */
  async function twice(url: string, body: object): Promise<Reply[]> {
    return [await edge.post(url, body), await edge.post(url, body)];
  }

  async function statusesOf(url: string, body: object): Promise<number[]> {
    return (await twice(url, body)).map(({ status }) => status);
  }

  it('a quote is answered by the second one while the first says nothing', async () => {
    edge.neighbours.answerWith = () => 'silence';
    expect(await statusesOf('/v1/quotes', QUOTE)).toEqual([201, 201]);
    expect(edge.neighbours.asked.length).toBeGreaterThanOrEqual(1);
  });

  it('a quote is answered by the first one where the second ends before it has answered', async () => {
    edge.twins.answerWith = () => 'hang_up';
    expect(await statusesOf('/v1/quotes', QUOTE)).toEqual([201, 201]);
    expect(edge.twins.asked.length).toBeGreaterThanOrEqual(1);
  });

  it('a quote is answered by the second one while the first has no rate', async () => {
    edge.neighbours.answerWith = () => NO_RATE;
    expect(await statusesOf('/v1/quotes', QUOTE)).toEqual([201, 201]);
    expect(edge.neighbours.asked.length).toBeGreaterThanOrEqual(1);
  });

  it('a quote is refused with the code of the services where none of them has a rate', async () => {
    for (const instance of [edge.neighbours, edge.twins]) instance.answerWith = () => NO_RATE;
    const [{ status, body, headers }] = (await twice('/v1/quotes', QUOTE)) as [Reply, Reply];
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'RATE_UNAVAILABLE', '2']);
  });

  it('an instrument is taken by the second one under the same key where the first ends before it has answered', async () => {
    edge.neighbours.answerWith = () => 'hang_up';
    expect(await statusesOf('/v1/instruments', INSTRUMENT)).toEqual([201, 201]);
    const keysAt = ({ asked }: RoutingEdge['twins']): unknown[] => asked.map(({ body }) => body['request_key']);
    expect(edge.neighbours.asked.length).toBeGreaterThanOrEqual(1);
    expect(keysAt(edge.twins)).toEqual(expect.arrayContaining(keysAt(edge.neighbours)));
  });

  it('a party, whose request has no key, is not registered again where it is unknown whether it was', async () => {
    for (const instance of [edge.neighbours, edge.twins]) instance.answerWith = () => 'hang_up';
    const { status, body, headers } = await edge.post('/v1/parties', PARTY);
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'SERVICE_UNAVAILABLE', '2']);
    expect(edge.neighbours.asked.length + edge.twins.asked.length).toBe(1);
  });

  it('every request is answered while one of two is dead', async () => {
    await edge.twins.close();
    for (const [url, body] of REQUESTS) expect([url, await statusesOf(url, body)]).toEqual([url, [201, 201]]);
  });

  it('every request is answered 503 with Retry-After while both are dead', async () => {
    await edge.neighbours.close();
    for (const [url, request] of REQUESTS) {
      const { status, body, headers } = await edge.post(url, request);
      expect([url, status, body.code, headers['retry-after']]).toEqual([url, 503, 'SERVICE_UNAVAILABLE', '2']);
    }
  });
});
