import { Rate } from './rate';

describe('Rate', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick'] }));
  afterEach(() => void jest.useRealTimers());

  /** How many are taken until one is too many. */
  function takeAll(rate: Rate): number {
    let taken = 0;
    while (rate.take()) taken += 1;
    return taken;
  }

  it('allows so many at once, and not one more', () => {
    const rate = new Rate(10, 5);
    expect(takeAll(rate)).toBe(10);
    expect(rate.take()).toBe(false);
  });

  it('allows so many a second behind that', () => {
    const rate = new Rate(10, 5);
    takeAll(rate);
    jest.advanceTimersByTime(1_000);
    expect(takeAll(rate)).toBe(5);
    jest.advanceTimersByTime(150);
    expect(rate.take()).toBe(false);
    jest.advanceTimersByTime(50);
    expect(takeAll(rate)).toBe(1);
  });

  it('keeps parts of one that was not allowed', () => {
    const rate = new Rate(1, 1);
    takeAll(rate);
    for (let tenth = 0; tenth < 9; tenth += 1) {
      jest.advanceTimersByTime(100);
      expect(rate.take()).toBe(false);
    }
    jest.advanceTimersByTime(101);
    expect(rate.take()).toBe(true);
  });

  it('never allows more at once than at first, however long nothing happened', () => {
    const rate = new Rate(10, 5);
    jest.advanceTimersByTime(3_600_000);
    expect(takeAll(rate)).toBe(10);
    jest.advanceTimersByTime(3_600_000);
    expect(takeAll(rate)).toBe(10);
  });

  it('counts what was taken long ago as little as time that nobody used', () => {
    const rate = new Rate(10, 5);
    rate.take();
    jest.advanceTimersByTime(3_600_000);
    expect(takeAll(rate)).toBe(10);
  });

  it('never ends one who keeps to it', () => {
    const rate = new Rate(10, 5);
    for (let each = 0; each < 1_000; each += 1) {
      expect(rate.take()).toBe(true);
      jest.advanceTimersByTime(200);
    }
  });
});
