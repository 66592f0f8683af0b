import { RoutingEdge, type Reply } from './routing-edge';

jest.setTimeout(120_000);

describe('the keys that sign offers', () => {
  let edge: RoutingEdge;

  beforeAll(async () => {
    edge = await RoutingEdge.open();
  });
  afterAll(async () => {
    await edge?.close();
  });

  const signedWith = async (kid: string): Promise<Record<string, string>> => ({
    ...(await edge.payable()),
    offer: edge.offer({}, { alg: 'EdDSA', kid }),
  });
  const pay = (body: object, key?: string): Promise<Reply> => edge.post('/v1/payments', body, key);

  it('that cannot be asked for make an offer neither good nor bad: it is asked for again under its key, and paid', async () => {
    const body = await signedWith('offer-next');
    edge.neighbours.offerKeys = null;
    const away = await pay(body, 'while-away');
    expect([away.status, away.body.code, away.body.retryable]).toEqual([503, 'SERVICE_UNAVAILABLE', true]);
    expect(away.headers['retry-after']).toBeDefined();
    edge.neighbours.offerKeys = ['offer-test', 'offer-next'];
    const again = await pay(body, 'while-away');
    expect([again.status, again.body.status]).toEqual([202, 'processing']);
  });

  it('are looked for again at once when one is published behind a forged offer, whose sender is told that it is none', async () => {
    const forged = await pay(await signedWith('offer-forged'));
    expect([forged.status, forged.body.code]).toEqual([422, 'OFFER_INVALID']);
    edge.neighbours.offerKeys = ['offer-test', 'offer-next', 'offer-third'];
    const answers = await Promise.all([pay(await signedWith('offer-forged')), pay(await signedWith('offer-third'))]);
    expect(answers.map(({ status }) => status)).toEqual([422, 202]);
  });
});
