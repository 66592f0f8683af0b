/** A movement that a network executed, from the simulator's own books. */
export interface Movement {
  network: string;
  operation: string;
  reference: string;
  network_reference: string;
  amount: string;
  currency: string;
  sign: number;
  /** Card number, payment code or account identity, as the network knows it. */
  account: string;
}

export interface TokenWish {
  scheme?: 'visa' | 'mastercard' | 'amex';
  outcome?: string;
  amount?: string;
  currency?: string;
  broken?: string;
  signing_time?: string;
  /** Whose keys open the token; the acquirer's if nothing else is said. */
  decrypted_by?: 'acquirer' | 'gateway';
  /** `rsa` makes an RSA_v1 token. */
  key?: 'current' | 'former' | 'rsa';
  /** Fields of what is encrypted that are to be others. */
  payment_data?: object;
}

/** The outside world's control panel. */
export class SimulatorClient {
  constructor(private readonly address: { url: string; control_url: string; control_token: string }) {}

  async appleToken(wish: TokenWish = {}): Promise<object> {
    return this.call('POST', `${this.address.url}/apple/tokens`, {
      scheme: 'visa',
      amount: '10200',
      currency: 'USD',
      ...wish,
    });
  }

  /** What the networks executed under our instruction ids of one payment. */
  async movements(paymentId: string): Promise<Movement[]> {
    const { movements } = await this.call<{ movements: Movement[] }>(
      'GET',
      `${this.address.control_url}/books/${paymentId}`,
    );
    return movements;
  }

  /** The payer confirms the order of this payment in the app. */
  async confirmOrder(paymentId: string): Promise<void> {
    await this.call('POST', `${this.address.control_url}/ams/orders/${paymentId}-collect/confirm`, {});
  }

  /** A transfer or payout, named by its path, comes back: all of it, or a part (minor units). */
  async giveBack(path: string, part?: string): Promise<void> {
    await this.call('POST', `${this.address.control_url}/${path}/return`, part === undefined ? {} : { amount: part });
  }

  /** The acquirer gives a payment's money back by itself, by our id of the hold or pull: all, or a part (minor units). */
  async takeBack(sourceId: string, part?: string): Promise<void> {
    const body = part === undefined ? {} : { amount: part };
    await this.call('POST', `${this.address.control_url}/payments/${sourceId}/take_back`, body);
  }

  /** A cardholder's bank takes a payment's money back; by our id of the hold or collection. */
  async dispute(sourceId: string, claim: object): Promise<{ id: string; amount: string }> {
    return this.call('POST', `${this.address.control_url}/payments/${sourceId}/dispute`, claim);
  }

  /** The scheme decides a dispute, or the issuer withdraws it. */
  async decide(disputeId: string, decision: 'won' | 'lost' | 'canceled'): Promise<void> {
    await this.call('POST', `${this.address.control_url}/disputes/${disputeId}/decide`, { decision });
  }

  /** What the network refused, or acknowledged as undone, it has done after all. */
  async succeedLate(network: 'acquirer' | 'open_platform', reference: string): Promise<void> {
    await this.call('POST', `${this.address.control_url}/late_success`, { network, reference });
  }

  /** A notification out of nowhere, signed as the network signs. */
  async notify(notification: { network: string; reference: string; content: object }): Promise<void> {
    await this.call('POST', `${this.address.control_url}/notifications`, notification);
  }

  /** Has a network misbehave; answers the rule's id. */
  async fault(rule: object): Promise<string> {
    return (await this.call<{ id: string }>('POST', `${this.address.control_url}/faults`, rule)).id;
  }

  /** That network behaves again. Rules of other stories, which play beside this one, stay. */
  async forgive(ruleId: string): Promise<void> {
    await this.call('DELETE', `${this.address.control_url}/faults/${ruleId}`);
  }

  /** Rules about one request of ours, those too that a magic amount has set. */
  async faultsAbout(reference: string): Promise<string[]> {
    const { faults } = await this.call<{ faults: { id: string; match: { reference?: string } }[] }>(
      'GET',
      `${this.address.control_url}/faults`,
    );
    return faults.filter(({ match }) => match.reference === reference).map(({ id }) => id);
  }

  async call<T>(method: string, url: string, body?: object): Promise<T> {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.address.control_token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  get controlUrl(): string {
    return this.address.control_url;
  }
}
