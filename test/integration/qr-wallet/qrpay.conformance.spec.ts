import { describeWalletNetwork } from '@gateway-testing/wallet-network';
import type { Instruction } from '@gateway/wallet-network';
import { QrpaySide } from './qrpay-side';

describeWalletNetwork(
  'QRPay',
  async () => {
    const qrpay = await QrpaySide.start();
    let aheadMs = 0;
    const misbehaving =
      (behaviour: string) =>
      async (instruction: Instruction): Promise<Instruction> => {
        await qrpay.fault('order', instruction.instructionId, behaviour);
        return instruction;
      };
    return {
      network: qrpay.network,
      callTimeoutMs: 2_000,
      instruction: async () => qrpay.instruct(),
      executed: async (id) => (await qrpay.movements(id)).filter(({ reference }) => reference === id).length,
      scenarios: {
        declined: misbehaving('decline'),
        answer_lost: misbehaving('timeout_after_executing'),
        executed_then_error: misbehaving('http_500_after_executing'),
        request_lost: misbehaving('timeout_without_executing'),
      },
      notification: async (instruction) => {
        await qrpay.network.collect(instruction, AbortSignal.timeout(30_000));
        return qrpay.notificationOf(instruction.instructionId);
      },
      passTime: async (ms) => {
        aheadMs += ms;
        await qrpay.travel(aheadMs);
      },
      close: () => qrpay.stop(),
    };
  },
  {
    partial_approval: 'QRPay collects at once: there is no hold to approve in part',
    credit_returned: 'QRPay pays nobody out',
  },
);
