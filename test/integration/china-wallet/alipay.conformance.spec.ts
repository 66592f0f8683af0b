import { describeWalletNetwork } from '@gateway-testing/wallet-network';
import type { Instruction } from '@gateway/wallet-network';
import { AlipaySide } from './alipay-side';

/** Alipay's names of what we ask for, by contract. */
const ASKED: Record<string, { network: string; operation: string; refusal: string }> = {
  collect: { network: 'ams', operation: 'pay', refusal: 'USER_BALANCE_NOT_ENOUGH' },
  credit: { network: 'open_platform', operation: 'transfer', refusal: 'PAYEE_NOT_EXIST' },
};

describeWalletNetwork(
  'Alipay',
  async () => {
    const alipay = await AlipaySide.start();
    let aheadMs = 0;
    const misbehaving =
      (behaviour: string, params: Record<string, unknown> = {}) =>
      async (instruction: Instruction): Promise<Instruction> => {
        const { network, operation, refusal } = ASKED[instruction.operation]!;
        const all = behaviour === 'decline' ? { code: refusal } : params;
        await alipay.simulator.fault({ network, operation, match: instruction.instructionId, behaviour, params: all });
        return instruction;
      };
    return {
      network: alipay.network,
      callTimeoutMs: 2_000,
      instruction: async (operation) => alipay.instruct(operation),
      executed: (instructionId) => alipay.executed(instructionId),
      scenarios: {
        declined: misbehaving('decline'),
        answer_lost: misbehaving('timeout_after_executing'),
        executed_then_error: misbehaving('http_500', { executed: true }),
        request_lost: misbehaving('timeout_without_executing'),
      },
      giveBack: async ({ instruction }) => {
        await alipay.simulator.control('POST', `/transfers/${instruction.instructionId}/return`);
      },
      notification: (instruction) => alipay.notificationOf(instruction),
      passTime: async (ms) => {
        aheadMs += ms;
        await alipay.travel(aheadMs);
      },
      close: () => alipay.stop(),
    };
  },
  { partial_approval: 'Alipay collects at once: there is no hold to approve in part' },
);
