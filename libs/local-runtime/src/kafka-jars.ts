import { readdirSync } from 'node:fs';
import path from 'node:path';
import { RuntimeRefusal } from './refusal';

/** Where the set-up step puts the broker's jars: one copy per project, whatever data folders its runs use. */
export function kafkaJarFolder(projectDir: string): string {
  return path.join(projectDir, '.gateway', 'kafka-4.1.2');
}

/** All jars, sorted: the class path is the same in every run. */
export function kafkaClassPath(jarFolder: string): string {
  let names: string[] = [];
  try {
    names = readdirSync(jarFolder).filter((name) => name.endsWith('.jar'));
  } catch {
    // The folder is missing: same answer as an empty one.
  }
  if (names.length === 0) {
    throw new RuntimeRefusal(
      `Apache Kafka's jars are not in ${jarFolder}: run "node apps/cli/setup.mjs" (needs Java 17 and Maven), or set KAFKA_BROKERS to a Kafka you already have.`,
    );
  }
  return names
    .sort()
    .map((name) => path.join(jarFolder, name))
    .join(path.delimiter);
}
