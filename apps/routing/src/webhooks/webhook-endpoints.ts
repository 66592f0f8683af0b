import { Database } from '@gateway/persistence';
import { Injectable } from '@nestjs/common';
import { EdgeConfig } from '../edge.config';
import { problem } from '../edge/problems';
import { WebhookRepository, type WebhookEndpoint } from '../outbound/webhook.repository';
import { ListeningPartners } from './listening-partners';
import { readWebhookUrl } from './url-policy';
import { WebhookSecrets } from './webhook-secrets';

const MOST_ENDPOINTS = 16;

/** Partners' webhook endpoints: made, listed, deleted. The secret is told once, when the endpoint is made. */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly database: Database,
    private readonly repository: WebhookRepository,
    private readonly listening: ListeningPartners,
    private readonly secrets: WebhookSecrets,
    private readonly config: EdgeConfig,
  ) {}

  async create(partnerId: string, url: string): Promise<object> {
    const checked = readWebhookUrl(url, this.config.allowLoopbackWebhooks === '1');
    const { endpointId, secret, sealed } = this.secrets.draw();
    const endpoint = await this.database.transaction(async (tx) => {
      await this.repository.lockEndpointsOf(tx, partnerId);
      const known = await this.repository.endpointsOf(tx, partnerId);
      if (known.length >= MOST_ENDPOINTS) throw problem('TOO_MANY_ENDPOINTS');
      return await this.repository.saveEndpoint(tx, { endpointId, partnerId, url: checked, secret: sealed });
    });
    await this.listening.knownEverywhere();
    return { ...viewOfEndpoint(endpoint), secret };
  }

  async list(partnerId: string): Promise<object> {
    const endpoints = await this.repository.endpointsOf(this.database, partnerId);
    return { object: 'list', data: endpoints.map(viewOfEndpoint), has_more: false };
  }

  async delete(partnerId: string, endpointId: string): Promise<object> {
    const closed = await this.repository.closeEndpoint(this.database, { endpointId, partnerId }, 'deleted');
    if (!closed) throw problem('WEBHOOK_ENDPOINT_NOT_FOUND', { param: 'id' });
    return { id: endpointId, object: 'webhook_endpoint', deleted: true };
  }
}

function viewOfEndpoint({ endpointId, url, state, createdAt }: WebhookEndpoint): object {
  return { id: endpointId, object: 'webhook_endpoint', url, status: state, created: createdAt.toISOString() };
}
