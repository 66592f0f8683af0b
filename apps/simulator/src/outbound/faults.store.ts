import { Injectable } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { isAboutNotifying, matches, NORMAL_NOTIFY, notifyPlanOf } from '../faults/fault';
import type { Asked, Behaviour, FaultMatch, FaultParams, FaultRule, MarkedBehaviour, Verdict } from '../faults/fault';

interface RuleRow {
  id: number;
  match: FaultMatch;
  behaviour: Behaviour;
  params: FaultParams;
}

/** The rules that tests have set, and the gate that every request to a network passes. */
@Injectable()
export class FaultsStore {
  constructor(private readonly database: Database) {}

  /** Takes one use of the first matching rule of each kind (answering, notifying), else what the account itself says. */
  async judge(asked: Asked): Promise<Verdict> {
    const { now, rules } = await this.rulesFor(asked);
    const notifying = await this.take(rules.filter((rule) => isAboutNotifying(rule.behaviour)));
    const answering =
      (await this.take(rules.filter((rule) => !isAboutNotifying(rule.behaviour)))) ?? (await this.marked(asked));
    if (answering && isAboutNotifying(answering.behaviour)) return verdict(now, undefined, notifying ?? answering);
    return verdict(now, answering, notifying);
  }

  private async rulesFor(asked: Asked): Promise<{ now: Date; rules: RuleRow[] }> {
    const [row] = await this.database.query<{ now: Date; rules: RuleRow[] }>(
      `SELECT clock_now() AS now, COALESCE((
         SELECT json_agg(json_build_object('id', id, 'match', match, 'behaviour', behaviour, 'params', params) ORDER BY id)
         FROM fault WHERE network = $1 AND operation IN ($2, '*') AND remaining > 0), '[]') AS rules`,
      [asked.network, asked.operation],
      'fault_judge',
    );
    if (!row) throw new Error('a query without a source gives one row');
    return { now: row.now, rules: row.rules.filter((rule) => matches(rule.match, asked)) };
  }

  async add(rule: FaultRule): Promise<string> {
    const [row] = await this.database.query<{ id: bigint }>(
      `INSERT INTO fault (network, operation, match, behaviour, params, remaining)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [rule.network, rule.operation, rule.match, rule.behaviour, rule.params, rule.times],
    );
    return String(row?.id);
  }

  async list(): Promise<Record<string, unknown>[]> {
    return this.database.query(
      'SELECT id::text, network, operation, match, behaviour, params, remaining, used FROM fault ORDER BY fault.id',
    );
  }

  async clear(): Promise<void> {
    await this.database.query('DELETE FROM fault');
  }

  async remove(id: string): Promise<boolean> {
    return (await this.database.query('DELETE FROM fault WHERE id = $1 RETURNING id', [id])).length > 0;
  }

  private async take(rules: readonly RuleRow[]): Promise<RuleRow | undefined> {
    for (const rule of rules) {
      const taken = await this.database.query(
        'UPDATE fault SET remaining = remaining - 1, used = used + 1 WHERE id = $1 AND remaining > 0 RETURNING id',
        [rule.id],
      );
      if (taken.length > 0) return rule;
    }
    return undefined;
  }

  /** A decline marked on the account stands for ever; other markers act once per request id, so a repeat gets through. */
  private async marked(asked: Asked): Promise<Asked['marker']> {
    if (!asked.marker || asked.marker.behaviour === 'decline') return asked.marker;
    const first = await this.database.query(
      `INSERT INTO marker_use (network, operation, reference) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING reference`,
      [asked.network, asked.operation, asked.references[0] ?? ''],
    );
    return first.length > 0 ? asked.marker : undefined;
  }
}

function verdict(now: Date, answering: MarkedBehaviour | undefined, notifying: MarkedBehaviour | undefined): Verdict {
  return {
    now,
    behaviour: answering?.behaviour ?? 'none',
    params: answering?.params ?? {},
    notify: notifying ? notifyPlanOf(notifying.behaviour, notifying.params) : NORMAL_NOTIFY,
  };
}
