interface Queue {
  throttleCheckTimeoutId: unknown;
  pending: unknown[];
  checkPendingRequests(): void;
  destroy(): void;
}

/** The file that patches/kafkajs+2.2.4.patch changes. */
const RequestQueue = jest.requireActual<new (options: object) => Queue>('kafkajs/src/network/requestQueue');

describe('the patch of kafkajs', () => {
  it('keeps an idle connection from waking up every millisecond', () => {
    const queue = new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 1_000,
      enforceRequestTimeout: false,
      clientId: 'c',
      broker: 'b',
      logger: { debug: () => undefined },
    });
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.destroy();
  });
});
