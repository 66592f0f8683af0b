import { SystemClock } from '@gateway/platform';
import type { Instruction, RawNotification } from '@gateway/wallet-network';
import { AlipayClients } from '../../../apps/china-wallet/src/alipay.clients';
import type { AlipayConfig } from '../../../apps/china-wallet/src/alipay.config';
import type { AlipayCredentials } from '../../../apps/china-wallet/src/alipay.credentials';
import { AlipayNetwork } from '../../../apps/china-wallet/src/alipay.network';
import { paymentCode } from '../simulator/ams-merchant';
import { NotificationReceiver } from '../simulator/notification-receiver';
import { eventually, newReference, RunningSimulator } from '../simulator/running-simulator';

/** The Alipay adapter with a simulator of its own and an address that takes its notifications. */
export class AlipaySide {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly network: AlipayNetwork,
    private readonly receiver: NotificationReceiver,
    private readonly clock: SystemClock,
    private readonly ours: AlipayCredentials,
  ) {}

  static async start(): Promise<AlipaySide> {
    const simulator = await RunningSimulator.start();
    const receiver = await NotificationReceiver.listen();
    receiver.answer = JSON.stringify({
      result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    });
    const credentials = await simulator.control<AlipayCredentials & Record<string, unknown>>(
      'GET',
      '/alipay/credentials',
    );
    const config = { simulatorUrl: simulator.url, notifyBaseUrl: receiver.url } as AlipayConfig;
    const clock = new SystemClock();
    const network = new AlipayNetwork(new AlipayClients(config, credentials), clock);
    return new AlipaySide(simulator, network, receiver, clock, credentials);
  }

  get appId(): string {
    return this.ours.open_platform.app_id;
  }

  get clientId(): string {
    return this.ours.ams.client_id;
  }

  async credentials(): Promise<AlipayCredentials> {
    return this.ours;
  }

  async stop(): Promise<void> {
    await this.simulator.stop();
    await this.receiver.close();
  }

  /** Both clocks, so that they agree as they do in one database. */
  async travel(ms: number): Promise<void> {
    this.clock.setOffsetMs(ms);
    await this.simulator.control('POST', '/clock', { offset_ms: ms });
  }

  instruct(operation: 'hold' | 'collect' | 'credit'): Instruction {
    const instructionId = newReference(operation);
    const secret: Record<string, string> =
      operation === 'credit'
        ? { identity: 'payee@example.com', identity_type: 'ALIPAY_LOGON_ID', name: 'Bo Example' }
        : { mode: 'payment_code', payment_code: paymentCode() };
    return {
      instructionId,
      paymentId: instructionId.replace(/-[a-z]+$/, ''),
      partnerId: 'prt_demo',
      operation,
      amount: { amount: '36021', currency: 'CNY' },
      purpose: 'goods',
      bopCode: '121010',
      instrument: { instrumentId: 'ins_test', partnerId: 'prt_demo', secret, scheme: 'alipay' },
      networkReference: null,
      attempt: 1,
    };
  }

  /** A cancel has no id of its own at AMS: it is found among the movements of its payment. */
  async executed(instructionId: string): Promise<number> {
    const undo = /-(?:release|cancel)$/;
    if (!undo.test(instructionId)) return (await this.simulator.movements(instructionId)).length;
    const movements = await this.simulator.movements(instructionId.replace(undo, ''));
    return movements.filter(({ operation }) => operation === 'cancel').length;
  }

  /** The notification that Alipay itself sends about a collection. */
  async notificationOf(instruction: Instruction): Promise<RawNotification> {
    await this.network.collect(instruction, AbortSignal.timeout(30_000));
    const sent = await eventually(async () => this.receiver.about(instruction.instructionId)[0]);
    const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, String(value)]));
    return { headers, path: sent.url, rawBody: Buffer.from(sent.body) };
  }
}
