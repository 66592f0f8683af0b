import type { WalletCommand } from '@gateway/contracts/wallet.network.commands.v1';
import { walletCommands } from '@gateway/contracts/wallet.network.commands.v1';
import type { WalletOutcome } from '@gateway/contracts/wallet.network.events.v1';
import {
  messagingMigrations,
  OutboxTransactions,
  type Emitted,
  type InboundRecord,
  type Worked,
} from '@gateway/messaging';
import type { Database, Tx } from '@gateway/persistence';
import { IdSource, Sealer, SystemClock, SystemRandom } from '@gateway/platform';
import { createTestDatabase, type TestDatabase } from '@gateway-testing/persistence';
import {
  assembleRuntime,
  InProcessNetwork,
  InstructionRepository,
  InstrumentRepository,
  NotificationRepository,
  ResolutionRepository,
  walletMigrations,
  type InProcessSettings,
  type Outcome,
  type WalletNetwork,
  type WalletRuntime,
} from '@gateway/wallet-network';

const NETWORK = 'inproc';
const COMMANDS = walletCommands(NETWORK);
export const CARD: InProcessSettings = {
  id: NETWORK,
  country: 'US',
  currency: 'USD',
  funding: 'hold',
  counterparty: 'visa',
  latencyMs: 5,
  scenariosByAmount: true,
  callTimeoutMs: 3_000,
  enquiry: { delaysMs: [1_000], giveUpAfterMs: 6_000, cancelAtEnd: false },
};

/** Transactions on the real database; what they tell is checked against its contract and kept. */
class KeptTransactions extends OutboxTransactions {
  readonly events: WalletOutcome[] = [];
  readonly audited: string[] = [];

  constructor(private readonly database: Database) {
    super();
  }

  async run<T>(work: (tx: Tx) => Promise<Worked<T>>): Promise<T> {
    const { result, emit } = await this.database.transaction(work);
    this.keep(emit);
    return result;
  }

  keep(emit: Emitted): void {
    for (const { contract, data } of emit.records) {
      const problem = contract.problemOf(data);
      if (problem !== null) throw new Error(problem);
      this.events.push(data as WalletOutcome);
    }
    for (const entry of emit.audit ?? []) this.audited.push(...entry.actions.map(({ action }) => action));
    emit.afterCommit?.();
  }
}

/** One process of a wallet service on a database, without Kafka: commands are given to it as messaging would. */
export class RuntimeProcess {
  readonly transactions: KeptTransactions;
  readonly runtime: WalletRuntime;

  constructor(
    readonly database: Database,
    readonly network: WalletNetwork,
  ) {
    this.transactions = new KeptTransactions(database);
    const random = new SystemRandom();
    this.runtime = assembleRuntime(
      { service: 'us-wallet', id: network.describe().id, config: { enquiryProfile: 'short', callsInFlight: 64 } },
      {
        network,
        database,
        transactions: this.transactions,
        instructions: new InstructionRepository(),
        instruments: new InstrumentRepository(database, new Sealer(Buffer.alloc(32, 1).toString('base64'), random)),
        notifications: new NotificationRepository(),
        resolutions: new ResolutionRepository(),
        ids: new IdSource(new SystemClock(), random),
      },
    );
  }

  start(): void {
    this.runtime.onApplicationBootstrap();
  }

  stop(): Promise<void> {
    return this.runtime.onModuleDestroy();
  }

  /** Consumes a batch; where it `dies`, the process is killed after the commit and before anything starts. */
  async consume(
    commands: readonly WalletCommand[],
    { dies = false, beforeCalls }: { dies?: boolean; beforeCalls?: () => void } = {},
  ): Promise<void> {
    const emit = await this.database.transaction((tx) => this.runtime.acceptance.accept(commands.map(recordOf), tx));
    beforeCalls?.();
    this.transactions.keep(dies ? { ...emit, afterCommit: () => undefined } : emit);
  }

  outcomesOf(instructionId: string): WalletOutcome[] {
    return this.transactions.events.filter((event) => event.instruction_id === instructionId);
  }
}

/** A command as messaging hands it over. */
export function recordOf(data: WalletCommand): InboundRecord<WalletCommand> {
  return {
    contract: COMMANDS,
    key: data.payment_id,
    partition: 3,
    offset: null,
    id: 'x',
    time: '2026-11-25T10:00:00Z',
    data,
  };
}

/** A command about the payment, on the harness's instrument. */
export function commandOf(
  operation: WalletCommand['operation'],
  paymentId: string,
  more: Partial<WalletCommand> = {},
): WalletCommand {
  const forward = operation === 'hold' || operation === 'collect' || operation === 'credit';
  return {
    instruction_id: `${paymentId}-${operation}`,
    payment_id: paymentId,
    partner_id: 'prt_test',
    operation,
    amount: { amount: '10200', currency: 'USD' },
    purpose: 'goods',
    bop_code: '121010',
    ...(forward ? { instrument_id: 'ins_test' } : { target_instruction_id: `${paymentId}-hold` }),
    ...more,
  };
}

/** A database, a network with books of its own, and as many processes as a test wants. */
export class Harness {
  private readonly processes: RuntimeProcess[] = [];
  private payments = 0;

  private constructor(
    readonly test: TestDatabase,
    readonly network: InProcessNetwork,
  ) {}

  static async open(settings: Partial<InProcessSettings> = {}): Promise<Harness> {
    const test = await createTestDatabase([...messagingMigrations, ...walletMigrations]);
    const harness = new Harness(test, new InProcessNetwork({ ...CARD, ...settings }));
    await harness.addInstrument();
    return harness;
  }

  process(network: WalletNetwork = this.network): RuntimeProcess {
    const process = new RuntimeProcess(this.test.database, network);
    this.processes.push(process);
    return process;
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.test.drop();
  }

  /** A payment id of this test's own. */
  payment(): string {
    return `pay_${String(++this.payments).padStart(26, '0')}`;
  }

  command(operation: WalletCommand['operation'], paymentId: string, more: Partial<WalletCommand> = {}): WalletCommand {
    return commandOf(operation, paymentId, more);
  }

  async stateOf(instructionId: string): Promise<string | undefined> {
    const [row] = await this.test.database.query<{ state: string }>(
      'SELECT state FROM instruction WHERE instruction_id = $1',
      [instructionId],
    );
    return row?.state;
  }

  async until(instructionId: string, state: string, withinMs = 60_000): Promise<void> {
    const end = Date.now() + withinMs;
    let found: string | undefined;
    while (Date.now() < end) {
      found = await this.stateOf(instructionId);
      if (found === state) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${instructionId} is ${found}, not ${state}`);
  }

  /** Business time runs ahead of the machine's clock. */
  async advanceClock(interval: string): Promise<void> {
    await this.test.database.query(`UPDATE test_clock SET clock_offset = clock_offset + $1::interval`, [interval]);
  }

  private async addInstrument(): Promise<void> {
    const random = new SystemRandom();
    const sealer = new Sealer(Buffer.alloc(32, 1).toString('base64'), random);
    await new InstrumentRepository(this.test.database, sealer).add({
      instrumentId: 'ins_test',
      partnerId: 'prt_test',
      capabilities: {
        use: 'pay',
        network: NETWORK,
        currency: 'USD',
        single_use: false,
        scheme: 'visa',
        minimum_minor: '1',
        maximum_minor: '100000000',
        hold_margin_ms: 0,
        pending_ms: 0,
      },
      label: 'test',
      secret: { account: 'a' },
      uniqueKey: null,
      requestKey: null,
      expiresAt: null,
    });
  }
}

/** The harness's network, telling what it is asked and answering later. */
export function spied(harness: Harness, asked: string[], laterMs = 0): Harness['network'] {
  const { network } = harness;
  const later = async (answer: Promise<Outcome>): Promise<Outcome> => {
    await new Promise((resolve) => setTimeout(resolve, laterMs));
    return answer;
  };
  return Object.assign(Object.create(network) as typeof network, {
    hold: (...call: Parameters<typeof network.hold>) => (asked.push('hold'), later(network.hold(...call))),
    credit: (...call: Parameters<typeof network.credit>) => (asked.push('credit'), later(network.credit(...call))),
    represent: (...call: Parameters<typeof network.represent>) => (
      asked.push('represent'),
      later(network.represent(...call))
    ),
    accept: (...call: Parameters<typeof network.accept>) => (asked.push('accept'), later(network.accept(...call))),
    enquire: (...call: Parameters<typeof network.enquire>) => (asked.push('enquire'), later(network.enquire(...call))),
  });
}
