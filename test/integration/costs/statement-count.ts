import { Client } from 'pg';

/** How many statements all connections of this process send while the work runs. */
export async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const sent = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}
