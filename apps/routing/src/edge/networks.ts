import { Injectable } from '@nestjs/common';
import { EdgeConfig, type NetworkEntry } from '../edge.config';
import { problem } from './problems';

/** The wallet networks of this installation, by id. A new one is a line of configuration. */
@Injectable()
export class Networks {
  private readonly byId: ReadonlyMap<string, NetworkEntry>;

  constructor(config: EdgeConfig) {
    this.byId = new Map(config.networks.map((network) => [network.id, network]));
  }

  find(id: string): NetworkEntry | undefined {
    return this.byId.get(id);
  }

  /** @throws Problem `NETWORK_UNKNOWN` that names the field and the networks there are */
  require(id: string, param: string): NetworkEntry {
    const network = this.byId.get(id);
    if (network !== undefined) return network;
    throw problem('NETWORK_UNKNOWN', {
      param,
      detail: `There is no such wallet network. Use one of: ${[...this.byId.keys()].join(', ')}.`,
    });
  }
}
