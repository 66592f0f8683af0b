import RequestQueue from 'kafkajs/src/network/requestQueue';

let patched = false;

/**
 * kafkajs 2.2.4 keeps a timer of 1 ms running on every idle connection (tulios/kafkajs issue 1751): one producer and
 * one consumer burn 5 % of a core doing nothing. With nothing pending and no throttling there is nothing to check.
 */
export function calmIdleConnections(): void {
  if (patched) return;
  patched = true;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the queue below
  const original = RequestQueue.prototype.scheduleCheckPendingRequests;
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
    original.call(this);
  };
}
