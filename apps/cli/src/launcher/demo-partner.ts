import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SecretFile } from '@gateway/local-runtime';
import { Database } from '@gateway/persistence';
import { loadModule } from './load-module';

const PROVISION = path.resolve(__dirname, '../../..', 'routing', 'src', 'provision');

/** The partner of a local installation and its key, drawn once per installation. */
export interface DemoPartner {
  readonly partnerId: string;
  readonly key: string;
}

/** `sk_test_<key id>_<secret>`, both in hexadecimal: no character that needs care anywhere. */
export function demoPartnerOf(secrets: SecretFile): DemoPartner {
  const key = secrets.get(
    'demo-partner-key',
    () => `sk_test_${randomBytes(8).toString('hex')}_${randomBytes(24).toString('hex')}`,
  );
  return { partnerId: 'prt_demo', key };
}

type Provision = (db: Database, partner: { partnerId: string; name: string; key: string }) => Promise<void>;

/** Makes the demo partner known to routing, which keeps a hash of the key only. */
export async function provisionDemoPartner(partner: DemoPartner, routingUrl: string | undefined): Promise<void> {
  if (!routingUrl || !existsSync(`${PROVISION}.js`)) return;
  const { provisionPartner } = loadModule(PROVISION) as { provisionPartner: Provision };
  const db = await Database.connect({ url: routingUrl, applicationName: 'gateway-launcher', poolSize: 1 });
  try {
    await provisionPartner(db, { partnerId: partner.partnerId, name: 'Demo wallet', key: partner.key });
  } finally {
    await db.close();
  }
}
