import type { Database } from '@gateway/persistence';
import { ApiKeyRepository } from './outbound/api-key.repository';
import { hashOfSecret, parseApiKey } from './partners/api-key';

export { newApiKey } from './partners/api-key';
export { mintDemoPeople, type DemoPeople } from './operators/demo-people';

/** A partner with its key, as the launcher of a local runtime makes it. */
export interface PartnerToProvision {
  partnerId: string;
  name: string;
  /** `sk_test_<key id>_<secret>`; the secret has at least 22 characters. Only its hash is stored. */
  key: string;
  /** Who bears lost disputes, by the contract with the partner; the gateway where nothing is said. */
  disputes?: { bearer: 'partner' | 'gateway'; clause: string };
}

/** Makes the partner and its key if they are missing; doing it again changes nothing. @throws where the key has no key's form. */
export async function provisionPartner(database: Database, partner: PartnerToProvision): Promise<void> {
  const presented = parseApiKey(partner.key);
  if (presented === null) throw new Error('The API key does not have the form sk_test_<key id>_<secret>');
  const repository = new ApiKeyRepository();
  await database.transaction(async (tx) => {
    await repository.savePartner(tx, partner);
    if (partner.disputes !== undefined) await repository.saveLiability(tx, partner.partnerId, partner.disputes);
    await repository.saveKey(tx, {
      keyId: presented.keyId,
      partnerId: partner.partnerId,
      secretHash: hashOfSecret(presented.secret),
    });
  });
}
