import { LocalRuntime, RuntimeRefusal } from '@gateway/local-runtime';
import { deleteTopics } from '@gateway/messaging';
import { type CliConfig, UsageError } from '../cli.config';
import { Installation } from '../launcher/installation';
import { prepareDatabases } from '../launcher/service-databases';
import type { Terminal } from '../terminal';
import { inDatabase } from './in-database';
import { lookAtGateway } from './running-gateway';

/**
 * Deletes this installation's topics with the positions of their readers, and makes them anew: the only way in which a
 * topic is ever deleted (design S2). What the outboxes still hold can be sent again with `gw messages replay`.
 */
export async function resetTopics(config: CliConfig, terminal: Terminal, options: { yes?: boolean }): Promise<void> {
  if (options.yes !== true) throw new UsageError('This deletes every record on the topics. Say --yes to do it.');
  if (await lookAtGateway(config))
    throw new RuntimeRefusal('The gateway runs: stop it first with "npm run gw -- down".');
  const installation = new Installation(config, terminal.say);
  const runtime = LocalRuntime.open({ ...config, say: terminal.say });
  await runtime.up();
  try {
    const databases = await prepareDatabases(runtime, installation.services);
    const topics = installation.topics.map(({ topic }) => topic);
    const deleted = await deleteTopics(runtime.kafkaBrokers, topics);
    for (const { ownerUrl } of Object.values(databases)) await forgetPositions(ownerUrl);
    await runtime.ensureTopics(installation.topics);
    terminal.answer({ topics: deleted.length }, `${deleted.length} topics were deleted and made anew.`);
  } finally {
    await runtime.down();
  }
}

/** Simulators read no topics and have no such table. */
async function forgetPositions(url: string): Promise<void> {
  await inDatabase(url, async (database) => {
    const [found] = await database.query<{ there: boolean }>(
      `SELECT to_regclass('consumer_offset') IS NOT NULL AS there`,
    );
    if (found?.there) await database.query('DELETE FROM consumer_offset');
  });
}
