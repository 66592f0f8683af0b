import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { walletEvents } from '@gateway/contracts/wallet.network.events.v1';
import { OutboxTransactions } from '@gateway/messaging';
import { Database } from '@gateway/persistence';
import type { IdSource } from '@gateway/platform';
import type { NetworkDescription, OperationRules } from './description';
import { SHORT_PROFILE_FACTOR, withProfile } from './domain/enquiry-plan';
import { InstructionRepository } from './outbound/instruction.repository';
import { InstrumentRepository } from './outbound/instrument.repository';
import { NotificationRepository } from './outbound/notification.repository';
import { ResolutionRepository } from './outbound/resolution.repository';
import { AcceptCommands } from './use-cases/accept-commands';
import { AnswerBatcher } from './use-cases/answer-batcher';
import { CallDesk } from './use-cases/call-desk';
import { ClaimDue } from './use-cases/claim-due';
import { DueLoop } from './use-cases/due-loop';
import { ExchangePlanner } from './use-cases/exchange-planner';
import type { NetworkIdentity } from './use-cases/instruction-changes';
import { ReceiveNotification } from './use-cases/receive-notification';
import { ResolveUnknowns } from './use-cases/resolve-unknowns';
import { RecordAnswers, type CircumstancesOf } from './use-cases/record-answers';
import { WalletNetwork } from './wallet-network';
import type { WalletRuntimeConfig } from './wallet-runtime.config';

const SECOND_MS = 1_000;
const DAY_MS = 86_400 * SECOND_MS;

/** For operations that a network does not describe: short, and never repeated late. */
const UNDESCRIBED: OperationRules = {
  callTimeoutMs: 5 * SECOND_MS,
  idempotencyLifeMs: 60 * SECOND_MS,
  enquiry: { delaysMs: [3 * SECOND_MS], giveUpAfterMs: DAY_MS, cancelAtEnd: false },
};

/** What the runtime is built on. */
export interface RuntimeParts {
  network: WalletNetwork;
  database: Database;
  transactions: OutboxTransactions;
  instructions: InstructionRepository;
  instruments: InstrumentRepository;
  notifications: NotificationRepository;
  resolutions: ResolutionRepository;
  ids: IdSource;
}

/**
 * One network's runtime put together: commands in, calls out, answers written, what is due found again. It starts and
 * ends with the process (design S9): no claim begins, calls end within 5 s or stay leased, answers are written.
 */
export class WalletRuntime implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    readonly acceptance: AcceptCommands,
    readonly notifications: ReceiveNotification,
    readonly resolutions: ResolveUnknowns,
    private readonly desk: CallDesk,
    private readonly answers: AnswerBatcher,
    private readonly due: DueLoop,
  ) {}

  onApplicationBootstrap(): void {
    this.due.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.due.stop();
    await this.desk.stop();
    await this.answers.close();
  }
}

export function assembleRuntime(
  options: { service: string; id: string; config: Pick<WalletRuntimeConfig, 'enquiryProfile' | 'callsInFlight'> },
  parts: RuntimeParts,
): WalletRuntime {
  const { network, database, transactions, instructions, instruments } = parts;
  const factor = options.config.enquiryProfile === 'short' ? SHORT_PROFILE_FACTOR : 1;
  const description = withProfile(network.describe(), factor);
  if (description.id !== options.id) throw new Error(`the network calls itself ${description.id}, not ${options.id}`);
  const circumstancesOf = circumstancesBy(description, factor);
  const identity: NetworkIdentity = {
    service: options.service,
    networkId: options.id,
    events: walletEvents(options.id, options.service),
  };
  const planner = new ExchangePlanner(circumstancesOf);
  const answers = new AnswerBatcher(transactions, new RecordAnswers(instructions, circumstancesOf, identity));
  const desk = new CallDesk(network, options.config.callsInFlight, (answered) => answers.add(answered));
  const known = { ...identity, description, circumstancesOf };
  return new WalletRuntime(
    new AcceptCommands(instructions, instruments, planner, desk, known),
    new ReceiveNotification(network, transactions, parts.notifications, instructions, factor),
    new ResolveUnknowns(transactions, instructions, instruments, parts.resolutions, parts.ids, known),
    desk,
    answers,
    new DueLoop(new ClaimDue(transactions, instructions, instruments, planner, desk, known), () =>
      instructions.isAnyDue(database),
    ),
  );
}

function circumstancesBy(description: NetworkDescription, factor: number): CircumstancesOf {
  const rulesOf = (operation: keyof NetworkDescription['operations']): OperationRules =>
    description.operations[operation] ?? UNDESCRIBED;
  const undoLifeMs = rulesOf('release').idempotencyLifeMs;
  return (operation, nowMs) => ({ nowMs, rules: rulesOf(operation), undoLifeMs, factor });
}
