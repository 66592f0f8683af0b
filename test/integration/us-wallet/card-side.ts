import path from 'node:path';
import { SystemClock } from '@gateway/platform';
import type { Instruction, IntakeResult, StoredInstrument } from '@gateway/wallet-network';
import { ApplePayClients } from '../../../apps/us-wallet/src/applepay.clients';
import type { ApplePayConfig } from '../../../apps/us-wallet/src/applepay.config';
import type { ApplePayCredentials } from '../../../apps/us-wallet/src/applepay.credentials';
import { ApplePayIntake } from '../../../apps/us-wallet/src/applepay.intake';
import { ApplePayNetwork } from '../../../apps/us-wallet/src/applepay.network';
import { newReference, RunningSimulator } from '../simulator/running-simulator';

/** Lets the decryption process run from its sources. */
const REGISTER = path.resolve(__dirname, '../messaging/typescript-register.cjs');

type Operation = Instruction['operation'];
type Target = NonNullable<Instruction['target']>;

const OPERATIONS: Record<string, Operation> = { hold: 'hold', collect: 'collect', credit: 'credit' };

/** The adapter and the intake of the card side, set up with the credentials of a simulator of their own. */
export class CardSide {
  readonly clock = new SystemClock();

  private constructor(
    readonly simulator: RunningSimulator,
    readonly network: ApplePayNetwork,
    readonly intake: ApplePayIntake,
    readonly webhookSecret: string,
    readonly clients: ApplePayClients,
  ) {}

  /** @param change of the sandbox's credentials. */
  static async start(change: (sandbox: ApplePayCredentials) => void = () => undefined): Promise<CardSide> {
    const simulator = await RunningSimulator.start();
    const credentials = await simulator.control<ApplePayCredentials & Record<string, unknown>>(
      'GET',
      '/applepay/credentials',
    );
    change(credentials);
    const config = { sandbox: '1', acquirerBaseUrl: `${simulator.url}/acquirer` } as ApplePayConfig;
    const clock = new SystemClock();
    const clients = new ApplePayClients(config, credentials, clock, ['-r', REGISTER]);
    await clients.onModuleInit();
    return Object.assign(
      new CardSide(
        simulator,
        new ApplePayNetwork(clients, clock),
        new ApplePayIntake(clients, clock),
        credentials.acquirer.webhook_secret,
        clients,
      ),
      { clock },
    );
  }

  stop(): Promise<void> {
    this.clients.onApplicationShutdown();
    return this.simulator.stop();
  }

  /** Both clocks, so that they agree as they do in one database. */
  async travel(ms: number): Promise<void> {
    this.clock.setOffsetMs(ms);
    await this.simulator.control('POST', '/clock', { offset_ms: ms });
  }

  /** A token as a payer's phone makes it. */
  async phone(request: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.simulator.url}/apple/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scheme: 'visa', amount: '10200', currency: 'USD', ...request }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, unknown>;
  }

  async take(use: 'pay' | 'be_paid', request: Record<string, unknown> = {}): Promise<IntakeResult> {
    return this.intake.take({ partner_id: 'prt_demo', use, data: { token: await this.phone(request) } });
  }

  /** A fresh instruction of its own payment, with an instrument whose card behaves as asked. */
  async instruct(step: 'hold' | 'collect' | 'credit', request: Record<string, unknown> = {}): Promise<Instruction> {
    const { secret, capabilities } = await this.take(step === 'credit' ? 'be_paid' : 'pay', request);
    const instrument: StoredInstrument = {
      instrumentId: 'ins_test',
      partnerId: 'prt_demo',
      secret,
      scheme: capabilities.scheme,
    };
    return { ...blank(newReference(step), OPERATIONS[step] ?? 'hold'), instrument };
  }
}

/** What follows on a processed hold or collection. */
export function following(
  first: Instruction,
  step: 'capture' | 'release' | 'refund' | 'represent' | 'accept',
  target: Partial<Target> = {},
  amount = first.amount,
): Instruction {
  const instructionId = first.instructionId.replace(/-[a-z]+$/, `-${step}`);
  return {
    ...blank(instructionId, step),
    amount,
    target: {
      instructionId: first.instructionId,
      operation: first.operation,
      networkReference: null,
      amount: first.amount,
      processedAt: new Date(),
      ...(first.instrument && { instrument: first.instrument }),
      ...target,
    },
  };
}

function blank(instructionId: string, operation: Operation): Instruction {
  return {
    instructionId,
    paymentId: instructionId.replace(/-[a-z]+$/, ''),
    partnerId: 'prt_demo',
    operation,
    amount: { amount: '10200', currency: 'USD' },
    purpose: operation === 'collect' ? 'person_to_person' : 'goods',
    bopCode: '121010',
    networkReference: null,
    attempt: 1,
  };
}

/** A deadline as the runtime sets it. */
export function within(ms = 30_000): AbortSignal {
  return AbortSignal.timeout(ms);
}
