import type { Tx } from '@gateway/persistence';

/** A statement that a handler has sent. */
export interface Statement {
  text: string;
  values: readonly unknown[];
}

/** A transaction without a database: notes the statements and answers what the test says, by default no rows. */
export class RecordingTx implements Tx {
  readonly statements: Statement[] = [];

  constructor(private readonly answer: (statement: Statement) => unknown[] = () => []) {}

  async query<R = Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const statement = { text, values };
    this.statements.push(statement);
    return this.answer(statement) as R[];
  }
}
