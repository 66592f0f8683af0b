import { Gateway } from './support/gateway';
import { executed, pay, paymentCode, untilOver } from './support/payments';

jest.setTimeout(120_000);

describe('a notification', () => {
  const gateway = new Gateway();
  const send = (service: string, path: string, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${gateway.status.services[service]?.url}${path}`, { method: 'POST', body, headers });

  it.each([
    [
      'china-wallet',
      '/notifications/ams',
      'application/json',
      { signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA', 'client-id': 'X', 'request-time': '1' },
    ],
    ['china-wallet', '/notifications/open-platform', 'application/x-www-form-urlencoded', {}],
    ['us-wallet', '/notifications/acquirer', 'application/json', { 'cko-signature': '00' }],
  ])('to %s%s with a bad signature is refused with 401 and nothing leaks', async (service, path, type, headers) => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china');
    const body = JSON.stringify({ paymentRequestId: `${id}-credit`, result: { resultStatus: 'F' } });
    const answer = await send(service, path, body, { 'content-type': type, ...headers });
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toMatch(/ at |stack|node_modules/);
    expect((await untilOver(partner, id)).status).toBe('completed');
  });

  it('that comes twice changes nothing', async () => {
    const partner = await gateway.newPartner();
    const { id } = await pay(gateway, partner, 'us-to-china', { token: { outcome: 'notify_twice' } });
    expect((await untilOver(partner, id)).status).toBe('completed');
    expect(await executed(gateway, id)).toEqual({ authorize: 1, transfer: 1, capture: 1 });
  });

  it('that never comes is not needed: the enquiry finds out', async () => {
    const partner = await gateway.newPartner();
    const code = paymentCode('1005');
    await gateway.simulator.fault({
      network: 'ams',
      operation: 'pay',
      match: { account: code },
      behaviour: 'notify_never',
      times: 1,
    });
    const { id } = await pay(gateway, partner, 'china-to-us', { alipay: code });
    expect((await untilOver(partner, id, 90_000)).status).toBe('completed');
  });
});
