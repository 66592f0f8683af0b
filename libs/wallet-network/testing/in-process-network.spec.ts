import { InProcessNetwork, signInProcess, type Instruction } from '@gateway/wallet-network';
import { describeWalletNetwork } from './describe-wallet-network';

const ENDINGS = {
  declined: '901',
  answer_lost: '906',
  executed_then_error: '909',
  request_lost: '905',
  partial_approval: '907',
} as const;

describeWalletNetwork('The in-process network', async () => {
  let aheadMs = 0;
  let count = 0;
  const network = new InProcessNetwork({
    id: 'inproc',
    country: 'US',
    currency: 'USD',
    funding: 'hold',
    counterparty: 'visa',
    latencyMs: 1,
    scenariosByAmount: true,
    nowMs: () => Date.now() + aheadMs,
  });
  const ending = (digits: string) => async (instruction: Instruction) => ({
    ...instruction,
    amount: { amount: `10${digits}`, currency: 'USD' },
  });
  return {
    network,
    callTimeoutMs: 100,
    instruction: async (operation) => {
      const paymentId = `pay_${++count}`;
      return {
        instructionId: `${paymentId}-${operation}`,
        paymentId,
        partnerId: 'prt_1',
        operation,
        amount: { amount: '10200', currency: 'USD' },
        purpose: 'goods',
        bopCode: '121010',
        networkReference: null,
        attempt: 1,
      };
    },
    executed: async (id) => network.books.movementsOf(id).length,
    scenarios: {
      declined: ending(ENDINGS.declined),
      answer_lost: ending(ENDINGS.answer_lost),
      executed_then_error: ending(ENDINGS.executed_then_error),
      request_lost: ending(ENDINGS.request_lost),
      partial_approval: ending(ENDINGS.partial_approval),
    },
    giveBack: async ({ instruction }) => network.giveBack(instruction.instructionId),
    notification: async ({ instructionId }) => {
      const rawBody = Buffer.from(JSON.stringify({ notification_id: 'n1', instruction_id: instructionId }));
      return { headers: { 'x-signature': signInProcess(rawBody) }, path: '/notifications', rawBody };
    },
    passTime: async (ms) => {
      aheadMs += ms;
    },
    close: () => Promise.resolve(),
  };
});
