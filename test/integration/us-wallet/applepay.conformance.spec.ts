import { createHmac } from 'node:crypto';
import { describeWalletNetwork } from '@gateway-testing/wallet-network';
import type { Instruction } from '@gateway/wallet-network';
import { CardSide } from './card-side';

/** The acquirer's names of what we ask for. */
const ASKED: Record<string, string> = { hold: 'authorize', collect: 'account_funding', credit: 'payout' };

describeWalletNetwork('Apple Pay on US cards', async () => {
  const card = await CardSide.start();
  let aheadMs = 0;
  const misbehaving =
    (behaviour: string, params: Record<string, unknown> = {}) =>
    async (instruction: Instruction): Promise<Instruction> => {
      const operation = ASKED[instruction.operation];
      await card.simulator.fault({
        network: 'acquirer',
        operation,
        match: instruction.instructionId,
        behaviour,
        params,
      });
      return instruction;
    };
  return {
    network: card.network,
    callTimeoutMs: 2_000,
    instruction: (operation) => card.instruct(operation),
    executed: async (instructionId) => (await card.simulator.movements(instructionId)).length,
    scenarios: {
      declined: misbehaving('decline', { code: '20051' }),
      answer_lost: misbehaving('timeout_after_executing'),
      executed_then_error: misbehaving('http_500', { executed: true }),
      request_lost: misbehaving('timeout_without_executing'),
      partial_approval: misbehaving('partial_approval'),
    },
    giveBack: async ({ instruction }) => {
      await card.simulator.control('POST', `/payouts/${instruction.networkReference ?? ''}/return`);
    },
    notification: async ({ instructionId }) => {
      const rawBody = Buffer.from(JSON.stringify({ id: 'evt_1', data: { reference: instructionId } }));
      const signature = createHmac('sha256', card.webhookSecret).update(rawBody).digest('hex');
      return { headers: { 'cko-signature': signature }, path: '/notifications', rawBody };
    },
    passTime: async (ms) => {
      aheadMs += ms;
      await card.travel(aheadMs);
    },
    close: () => card.stop(),
  };
});
