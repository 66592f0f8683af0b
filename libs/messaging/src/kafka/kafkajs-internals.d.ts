/** The part of kafkajs that `kafkajs-idle.ts` corrects; the package has no types for it. */
declare module 'kafkajs/src/network/requestQueue' {
  class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
  export = RequestQueue;
}

/** The part of kafkajs that `kafkajs-produce.ts` replaces. */
declare module 'kafkajs/src/protocol/requests/produce' {
  namespace produce {
    interface ProduceMessage {
      key?: string | Buffer | null;
      value: string | Buffer | null;
      headers?: Record<string, unknown>;
      timestamp?: string;
    }
    interface ProducePartition {
      partition: number;
      firstSequence?: number;
      messages: readonly ProduceMessage[];
    }
    interface ProduceArguments {
      acks: number;
      timeout: number;
      compression?: number;
      transactionalId?: string | null;
      /** kafkajs' own 64-bit number. */
      producerId?: { toString(): string };
      producerEpoch?: number;
      topicData: readonly { topic: string; partitions: readonly ProducePartition[] }[];
    }
    interface Made {
      request: { encode: () => Promise<{ buf: Buffer; buffer: Buffer }> };
      response: unknown;
    }
    let protocol: (choice: { version: number }) => ((request: ProduceArguments) => Made) | undefined;
  }
  export = produce;
}
